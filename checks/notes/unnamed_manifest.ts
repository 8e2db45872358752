/** Finds the name of a manifest that a note shows without one: the file that the command below it takes. */
import { ContentError } from "../content_error.ts";
import { readYaml } from "../yaml.ts";
import type { KubectlCommand } from "./kubectl/command_line.ts";
import { fileName } from "./kubectl/may_run.ts";
import { resourceNames } from "./resources.ts";
import type { NoteFile, NoteRun } from "./note_run.ts";

/** `kubectl apply -f web.yaml`, right below a manifest: that is web.yaml. */
export async function nameManifest({ path, flags }: KubectlCommand, run: NoteRun): Promise<void> {
  const { files, unnamed } = run;
  const [file, ...more] = flags.get("filename") ?? [];
  if (unnamed === undefined || file === undefined || more.length > 0 || !/^(create|apply|replace)$/.test(path)) return;
  const name = fileName(file);
  if (files.has(name) || !/^[\w.-]+\.(ya?ml|json)$/.test(name)) return;
  if (await isOfAnotherKind(name, unnamed)) return;
  files.set(name, unnamed);
  delete run.unnamed;
}

/** Whether a file's name says a kind that the manifest does not have: "web-service.yaml" is no Pod. */
async function isOfAnotherKind(name: string, { text }: NoteFile): Promise<boolean> {
  const plurals = await resourceNames();
  const said = name.toLowerCase().split(/[^a-z]+/).map((word) => plurals.get(word)).filter((one) => one !== undefined);
  const has = kindsOf(text).map((kind) => plurals.get(kind.toLowerCase()));
  return has.length === 0 || (said.length > 0 && !said.some((plural) => has.includes(plural)));
}

function kindsOf(text: string): string[] {
  try {
    return readYaml(text, "").flatMap(({ value }) => {
      const { apiVersion, kind } = (value ?? {}) as Record<string, unknown>;
      return typeof apiVersion === "string" && typeof kind === "string" ? [kind] : [];
    });
  } catch (error) {
    if (error instanceof ContentError) return []; // Told where the manifest stands.
    throw error;
  }
}
