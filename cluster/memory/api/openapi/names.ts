/** What types are called in OpenAPI documents: "core.v1.Pod" is "io.k8s.api.core.v1.Pod". */

const PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^(?:meta\.v1)\./, "io.k8s.apimachinery.pkg.apis."],
  [/^api\.resource\./, "io.k8s.apimachinery.pkg."],
  [/^util\.intstr\./, "io.k8s.apimachinery.pkg."],
  [/^pkg\./, "io.k8s.apimachinery."],
  [/^apiextensions\./, "io.k8s.apiextensions-apiserver.pkg.apis."],
  [/^apiregistration\./, "io.k8s.kube-aggregator.pkg.apis."],
];

/** @param type as in schema/facts.json */
export function fullName(type: string): string {
  const [, prefix] = PREFIXES.find(([pattern]) => pattern.test(type)) ?? [undefined, "io.k8s.api."];
  return prefix + type;
}

/** "io.k8s.api.core.v1.Pod" → "core.v1.Pod" */
export const shortName = (name: string): string => name.split(".").slice(-3).join(".");

export const reference = (name: string): string => `#/components/schemas/${name}`;

/** A custom resource's type: group example.com, version v1, kind Widget is "com.example.v1.Widget". */
export function customName(group: string, version: string, kind: string): string {
  return [...group.split(".").reverse(), version, kind].join(".");
}
