/**
 * Which names a CustomResourceDefinition gets: those that no other of its group has.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go`.
 */
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from "../../kinds/schema/types.ts";

type Names = CustomResourceDefinitionNames;

export interface Naming {
  readonly accepted: Names;
  /** Why not all names could be had. */
  readonly conflict?: { readonly reason: string; readonly message: string };
}

/** @param others the other definitions of the group */
export function acceptNames(definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[]): Naming {
  const taken = others.map(({ status }) => status?.acceptedNames).filter((names) => names !== undefined);
  const resources = new Set(taken.flatMap((names) => [names.plural, names.singular ?? "", ...names.shortNames ?? []]));
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind ?? ""]));
  const asked = definition.spec.names;
  const had: Partial<Names> = definition.status?.acceptedNames ?? {};
  let conflict: Naming["conflict"];
  const take = (field: "plural" | "singular" | "kind" | "listKind", used: ReadonlySet<string>, reason: string) => {
    const name = asked[field] ?? "";
    if (name === (had[field] ?? "") || !used.has(name)) return name;
    conflict = { reason, message: inUse(name) };
    return had[field] ?? "";
  };
  const plural = take("plural", resources, "PluralConflict");
  const singular = take("singular", resources, "SingularConflict");
  const shortNames = takeShortNames();
  const kind = take("kind", kinds, "KindConflict");
  const listKind = take("listKind", kinds, "ListKindConflict");
  const accepted: Names = {
    plural,
    ...singular === "" ? {} : { singular },
    ...shortNames.length === 0 ? {} : { shortNames },
    kind,
    ...listKind === "" ? {} : { listKind },
    ...asked.categories === undefined ? {} : { categories: asked.categories },
  };
  return { accepted, conflict };

  function takeShortNames(): readonly string[] {
    const names = asked.shortNames ?? [];
    const used = names.filter((name) => !had.shortNames?.includes(name) && resources.has(name));
    if (used.length === 0) return names;
    const messages = [...new Set(used.map(inUse))];
    conflict = {
      reason: "ShortNamesConflict",
      message: messages.length === 1 ? messages[0] : `[${messages.join(", ")}]`,
    };
    return had.shortNames ?? [];
  }
}

const inUse = (name: string) => `${JSON.stringify(name)} is already in use`;
