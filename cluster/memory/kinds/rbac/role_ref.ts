/** What bindings have in common: a role and its subjects. Source: `pkg/apis/rbac/{v1,validation}`. */
import { type FieldError, invalid, notSupported, required } from "../field_error.ts";
import type { Cell, Strategy } from "../kind.ts";
import { check, dns1123Subdomain, pathSegmentName } from "../names.ts";
import type { Draft } from "../object.ts";
import { metadataErrors } from "../object_meta.ts";
import type { RoleBinding, RoleRef, Subject } from "../schema/types.ts";
import { age } from "../table.ts";

const GROUP = "rbac.authorization.k8s.io";

type Binding = Pick<RoleBinding, "metadata" | "roleRef" | "subjects">;

function defaultBinding({ roleRef, subjects }: Draft<Binding>): void {
  if (roleRef) roleRef.apiGroup ||= GROUP;
  for (const subject of subjects ?? []) {
    if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= GROUP;
  }
}

function validateBinding({ roleRef, subjects }: Binding, kinds: readonly string[]): FieldError[] {
  const { apiGroup = "", kind = "", name = "" } = roleRef ?? {};
  return [
    ...apiGroup === GROUP ? [] : [notSupported("roleRef.apiGroup", apiGroup, [GROUP])],
    ...kinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, kinds)],
    ...name === "" ? [required("roleRef.name")] : check("roleRef.name", name, pathSegmentName),
    ...(subjects ?? []).flatMap((subject, i) => validateSubject(subject, kinds.includes("Role"), `subjects[${i}]`)),
  ];
}

function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const { kind = "", name = "", apiGroup = "", namespace = "" } = subject;
  const errors: FieldError[] = name === "" ? [required(`${path}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") errors.push(...check(`${path}.name`, name, dns1123Subdomain));
      if (apiGroup !== "") errors.push(notSupported(`${path}.apiGroup`, apiGroup, [""]));
      if (!namespaced && namespace === "") errors.push(required(`${path}.namespace`));
      break;
    case "User":
    case "Group":
      if (apiGroup !== GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [GROUP]));
      break;
    default:
      errors.push(notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"]));
  }
  return errors;
}

/** A binding's role never changes: another binding must be made. */
function validateSameRole({ roleRef }: Binding, old: Binding): FieldError[] {
  const same = (["apiGroup", "kind", "name"] as const).every((field) => roleRef[field] === old.roleRef[field]);
  return same ? [] : [invalid("roleRef", inGo(roleRef), "cannot change roleRef")];
}

/** The reference as Go prints its own type. */
const inGo = ({ apiGroup, kind, name }: RoleRef) => ({ APIGroup: apiGroup, Kind: kind, Name: name });

/** @param roles what the binding can refer to: within a namespace, roles too */
export const bindingStrategy = (roles: readonly string[]): Strategy<Binding> => ({
  names: "path",
  generation: false,
  createOnUpdate: true,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, roles),
  validateUpdate: (binding, old) => [
    ...validateBinding(binding, roles),
    ...metadataErrors(binding),
    ...validateSameRole(binding, old),
  ],
});

export const bindingCells = ({ metadata, roleRef, subjects }: Binding, now: number): Cell[] => [
  metadata.name ?? "",
  `${roleRef.kind}/${roleRef.name}`,
  age(metadata.creationTimestamp, now),
  ...subjectCells(subjects),
];

/** Users, groups and service accounts, each as one cell. */
function subjectCells(subjects: readonly Subject[] = []): Cell[] {
  const of = (kind: string) => subjects.filter((subject) => subject.kind === kind);
  return [
    of("User").map(({ name }) => name).join(", "),
    of("Group").map(({ name }) => name).join(", "),
    of("ServiceAccount").map(({ namespace, name }) => `${namespace ?? ""}/${name}`).join(", "),
  ];
}
