/** What `kubectl explain` says of types and fields: the words of the installed client, broken into lines as served. */
import { clientDescriptions } from "./client_descriptions.ts";
import data from "./facts.json" with { type: "json" };

interface Facts {
  /** By "core.v1.Pod" or "core.v1.Pod.spec": where the text there breaks into lines. */
  readonly breaks: Readonly<Record<string, readonly number[]>>;
  /** The type of each parameter. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The parameters of connections, by the kind that holds them: PodExecOptions. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

export const facts = data as unknown as Facts;

/** Of a type, or of its field; undefined where the client says nothing, or is not installed. */
export function describe(type: string, field?: string): string | undefined {
  const said = field === undefined ? clientDescriptions(type)?.type : clientDescriptions(type)?.fields.get(field);
  if (said === undefined) return undefined;
  const characters = [...said];
  for (const position of facts.breaks[field === undefined ? type : `${type}.${field}`] ?? []) {
    characters[position] = "\n";
  }
  return characters.join("");
}
