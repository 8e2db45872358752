/**
 * What `kubectl explain` says of types and fields: the words of the installed client, broken into lines as served, and
 * those of the Kubernetes API (Apache-2.0) for what the client leaves out.
 */
import { clientDescriptions } from "./client_descriptions.ts";
import data from "./facts.json" with { type: "json" };
import added from "./texts.json" with { type: "json" };

interface Facts {
  /** By "core.v1.Pod" or "core.v1.Pod.spec": where the text there breaks into lines. */
  readonly breaks: Readonly<Record<string, readonly number[]>>;
  /** The type of each parameter. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The parameters of connections, by the kind that holds them: PodExecOptions. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

export const facts = data as unknown as Facts;

interface Texts {
  /** By the same keys: whole descriptions, where the client has none, or another; empty where only the client has one. */
  readonly texts: Readonly<Record<string, string>>;
  /** What follows the client's words: the meanings of an enumeration's values. */
  readonly endings: Readonly<Record<string, string>>;
}

const { texts, endings } = added as unknown as Texts;

/** Of a type, or of its field; undefined where nothing is said of it, or the client is not installed. */
export function describe(type: string, field?: string): string | undefined {
  const key = field === undefined ? type : `${type}.${field}`;
  if (texts[key] !== undefined) return texts[key] || undefined;
  const said = field === undefined ? clientDescriptions(type)?.type : clientDescriptions(type)?.fields.get(field);
  if (said === undefined) return undefined;
  const characters = [...said];
  for (const position of facts.breaks[key] ?? []) characters[position] = "\n";
  return characters.join("") + (endings[key] ?? "");
}
