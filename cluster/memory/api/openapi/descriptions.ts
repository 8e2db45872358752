/** What `kubectl explain` says of types, fields and parameters. */
import { clientDescriptions, hasClientDescriptions } from "./client_descriptions.ts";
import data from "./texts.json" with { type: "json" };

/** No text at all, another text, or line breaks at positions and a text behind. */
type Amendment = null | number | { readonly breaks?: readonly number[]; readonly then?: number };

interface Texts {
  readonly texts: readonly string[];
  /** By "core.v1.Pod" or "core.v1.Pod.spec": what the client's declarations leave out of the text there. */
  readonly amendments: Readonly<Record<string, Amendment>>;
  readonly parameters: Readonly<Record<string, { readonly type: string; readonly description: string }>>;
  /** The parameters of connections, by the kind that holds them: PodExecOptions. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

export const texts = data as unknown as Texts;

/** Of a type, or of its field; undefined when there is none, or the client is not installed. */
export function describe(type: string, field?: string): string | undefined {
  // Half a set of descriptions would be worse than none.
  if (!hasClientDescriptions()) return undefined;
  const said = field === undefined ? clientDescriptions(type)?.type : clientDescriptions(type)?.fields.get(field);
  const amendment = texts.amendments[field === undefined ? type : `${type}.${field}`];
  if (amendment === undefined) return said;
  if (amendment === null) return undefined;
  if (typeof amendment === "number") return texts.texts[amendment];
  const characters = [...said ?? ""];
  for (const position of amendment.breaks ?? []) characters[position] = "\n";
  return characters.join("") + (amendment.then === undefined ? "" : texts.texts[amendment.then]);
}
