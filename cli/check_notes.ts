/** Reads notes and their settings, and checks each on a memory cluster of its own. */
import { readFile } from "node:fs/promises";
import { checkNote, type NoteOptions, type NoteReport } from "../checks/notes/check_note.ts";
import { readImageFolder } from "../checks/images/image_folder.ts";
import { openSandbox } from "../checks/notes/kubectl/sandbox.ts";
import type { CheckedNote } from "../checks/notes/reports/total.ts";
import { NO_SETTINGS, type NoteSettings, readSettings } from "../checks/notes/settings.ts";
import { type InProcessCluster, inProcessCluster } from "../cluster/in_process.ts";
import { Problem } from "../cluster/problem.ts";
import { imagesFolder } from "./paths.ts";

const SETTINGS_FILE = ".drydock.yaml";

export interface CheckNotesOptions {
  /** The version that the notes are about, over what they and their settings say. */
  readonly kubernetes?: string;
  /** The kubectl that runs the notes' commands; without it they are only read. */
  readonly kubectl?: string;
}

/**
 * @throws {Problem} for a file that cannot be read
 * @throws {ContentError} for settings that say nonsense
 */
export async function checkNotes(
  files: readonly string[],
  { kubernetes, kubectl }: CheckNotesOptions = {},
): Promise<CheckedNote[]> {
  const settings = await settingsHere();
  const checked: CheckedNote[] = [];
  // Where nothing is run, nobody looks at what becomes of the Pods.
  const start = async () =>
    kubectl === undefined
      ? await inProcessCluster({ components: ["api", "controllers"] })
      : await inProcessCluster({ images: await readImageFolder(imagesFolder()) });
  let cluster: InProcessCluster | undefined;
  let touched = false;
  try {
    for (const file of files) {
      const source = await readNoteFile(file);
      if (touched && (kubectl !== undefined || MANIFEST.test(source))) {
        await cluster?.[Symbol.asyncDispose]();
        [cluster, touched] = [undefined, false];
      }
      cluster ??= await start();
      const report = await checkOn(cluster, file, source, { settings, kubernetes }, kubectl);
      checked.push({ ...report, source });
      touched ||= mayHaveLeft(report);
    }
  } finally {
    await cluster?.[Symbol.asyncDispose]();
  }
  return checked;
}

/** A note without any sends nothing to its cluster. */
const MANIFEST = /\bkind["']?\s*:/;

async function checkOn(
  cluster: InProcessCluster,
  file: string,
  source: string,
  options: Pick<NoteOptions, "settings" | "kubernetes">,
  kubectl: string | undefined,
): Promise<NoteReport> {
  if (kubectl === undefined) return await checkNote(file, source, cluster, options);
  await using sandbox = await openSandbox({ kubectl, kubeconfig: cluster.kubeconfigText, cluster });
  return await checkNote(file, source, cluster, { ...options, sandbox });
}

/** Whether a note may have left something in its cluster: the next one then gets another. */
const mayHaveLeft = ({ counted, unchecked }: NoteReport): boolean => counted.verified > 0 || unchecked.length > 0;

async function settingsHere(): Promise<NoteSettings> {
  let text: string;
  try {
    text = await readFile(SETTINGS_FILE, "utf8");
  } catch {
    return NO_SETTINGS; // Most repositories have none.
  }
  return readSettings(text, SETTINGS_FILE);
}

/** @throws {Problem} */
export async function readNoteFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT"
      ? { en: "there is no such file", ko: "그런 파일이 없습니다" }
      : code === "EISDIR"
      ? { en: "it is a folder; name the files, as in notes/*.md", ko: "폴더입니다. notes/*.md처럼 파일을 지정하세요" }
      : { en: message, ko: message };
    throw new Problem("usage", {
      en: `The note ${file} cannot be read: ${why.en}.`,
      ko: `노트(${file})를 읽을 수 없습니다. ${why.ko}.`,
    });
  }
}
