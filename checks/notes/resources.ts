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
