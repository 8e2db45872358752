/** The words by which kubectl knows the built-in resources. */
import type { Kind } from "../../cluster/memory/kinds/kind.ts";

/** Plurals, singulars, short names and kinds in lower case. */
export async function knownResources(): Promise<readonly string[]> {
  // Hundreds of files of validation come with the kinds: only notes with commands need them.
  const { allKinds } = await import("../../cluster/memory/kinds/all.ts");
  const installed = ["customresourcedefinitions", "customresourcedefinition", "crd", "crds"];
  return [
    ...installed,
    ...allKinds.flatMap((kind) => [...wordsOf(kind), ...kind.group === "" ? [] : [`${kind.plural}.${kind.group}`]]),
  ];
}

/** For every one of these words the resource's plural: "po" → "pods". */
export const resourceNames = (): Promise<ReadonlyMap<string, string>> => byWord(({ plural }) => plural);

/** For every word that names a resource, its kind: "po" → "Pod". */
export const resourceKinds = (): Promise<ReadonlyMap<string, string>> => byWord(({ kind }) => kind);

async function byWord(of: (kind: Kind) => string): Promise<ReadonlyMap<string, string>> {
  const { allKinds } = await import("../../cluster/memory/kinds/all.ts");
  return new Map(allKinds.flatMap((kind) => wordsOf(kind).map((word) => [word, of(kind)] as const)));
}

const wordsOf = ({ plural, singular, shortNames = [], kind }: Kind): readonly string[] => [
  plural,
  singular,
  ...shortNames,
  kind.toLowerCase(),
];
