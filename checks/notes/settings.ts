/** What a repository of notes, a note and a block say about how they are to be checked. */
import type { Text } from "../../cluster/text.ts";
import { ContentError, type Issue } from "../content_error.ts";
import { readYaml, type YamlDocument } from "../yaml.ts";
import type { Finding } from "./finding.ts";

/** A kind of finding that is not told, and why. */
export interface Ignore {
  readonly rule?: string;
  /** The finding's message contains it. */
  readonly match?: string;
  /** The file's path ends with it. */
  readonly file?: string;
  readonly reason: string;
}

export interface NoteSettings {
  /** The Kubernetes version that the notes are about, "1.36". */
  readonly kubernetes?: string;
  readonly ignore: readonly Ignore[];
}

export const NO_SETTINGS: NoteSettings = { ignore: [] };

const FIELDS = ["kubernetes", "ignore"];
const IGNORE_FIELDS = ["rule", "match", "file", "reason"];

/**
 * Reads `.drydock.yaml`.
 *
 * @throws {ContentError} for what it does not know, and for an ignore without a reason
 */
export function readSettings(text: string, file: string): NoteSettings {
  const [document] = readYaml(text, file);
  if (document === undefined) return NO_SETTINGS;
  return readFields(document, "notes");
}

/** The field `drydock` of a note's front matter. @throws {ContentError} */
export function readFrontMatter(text: string, file: string): NoteSettings {
  // Other tools' front matter is none of ours: only what looks like ours is read.
  if (!/^drydock:/m.test(text)) return NO_SETTINGS;
  const [document] = readYaml(text, file);
  return document === undefined ? NO_SETTINGS : readFields(document, "drydock");
}

/** @param under the field that holds the settings */
function readFields(document: YamlDocument, under: string): NoteSettings {
  const issues: Issue[] = [];
  const value = (document.value as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[under] ?? {};
  const tell = (at: readonly (string | number)[], field: string, text: Text) =>
    issues.push({ file: document.file, ...document.locateKey(at), field, text });
  for (const name of Object.keys(value)) {
    if (!FIELDS.includes(name)) {
      tell([under, name], name, { en: `there is no setting ${name}`, ko: `${name} 설정은 없습니다` });
    }
  }
  const { kubernetes, ignore = [] } = value as { kubernetes?: unknown; ignore?: unknown };
  const version = kubernetes === undefined ? undefined : String(kubernetes);
  if (version !== undefined && !/^1\.\d+$/.test(version)) {
    tell([under, "kubernetes"], "kubernetes", {
      en: `${version} is not a version: write it as "1.36"`,
      ko: `버전이 아닙니다: ${version}. "1.36"처럼 쓰세요`,
    });
  }
  const ignores = Array.isArray(ignore) ? ignore as Ignore[] : [];
  ignores.forEach((one, i) => {
    const unknown = Object.keys(one).find((name) => !IGNORE_FIELDS.includes(name));
    const at = [under, "ignore", i];
    if (unknown !== undefined) {
      tell([...at, unknown], unknown, {
        en: `an ignore has no field ${unknown}`,
        ko: `ignore에는 ${unknown} 필드가 없습니다`,
      });
    }
    if (typeof one.reason !== "string" || one.reason.trim() === "") {
      tell(at, "reason", { en: "an ignore must give its reason", ko: "ignore에는 이유(reason)를 적어야 합니다" });
    }
  });
  if (issues.length > 0) throw new ContentError(issues);
  return { ignore: ignores, ...version === undefined ? {} : { kubernetes: version } };
}

/** Whether any of the ignores is for this finding in this file. */
export function isIgnored({ rule, message }: Finding, file: string, ignores: readonly Ignore[]): boolean {
  return ignores.some((ignore) =>
    (ignore.rule === undefined || ignore.rule === rule) &&
    (ignore.match === undefined || message.includes(ignore.match)) &&
    (ignore.file === undefined || file.replaceAll("\\", "/").endsWith(ignore.file))
  );
}
