/** The words by which kubectl knows the built-in resources. */

/** Plurals, singulars, short names and kinds in lower case. */
export async function knownResources(): Promise<readonly string[]> {
  // Hundreds of files of validation come with the kinds: only notes with commands need them.
  const { allKinds } = await import("../../cluster/memory/kinds/all.ts");
  const installed = ["customresourcedefinitions", "customresourcedefinition", "crd", "crds"];
  return [
    ...installed,
    ...allKinds.flatMap(({ plural, singular, shortNames = [], kind, group }) => [
      plural,
      singular,
      ...shortNames,
      kind.toLowerCase(),
      ...group === "" ? [] : [`${plural}.${group}`],
    ]),
  ];
}

/** For every one of these words the resource's plural: "po" → "pods". */
export async function resourceNames(): Promise<ReadonlyMap<string, string>> {
  const { allKinds } = await import("../../cluster/memory/kinds/all.ts");
  return new Map(
    allKinds.flatMap(({ plural, singular, shortNames = [], kind }) =>
      [plural, singular, ...shortNames, kind.toLowerCase()].map((word) => [word, plural] as const)
    ),
  );
}

/** For every word that names a resource, its kind: "po" → "Pod". */
export async function resourceKinds(): Promise<ReadonlyMap<string, string>> {
  const { allKinds } = await import("../../cluster/memory/kinds/all.ts");
  return new Map(
    allKinds.flatMap(({ plural, singular, shortNames = [], kind }) =>
      [plural, singular, ...shortNames, kind.toLowerCase()].map((word) => [word, kind] as const)
    ),
  );
}
