/** RoleBinding. Source: `pkg/registry/rbac/rolebinding` and `pkg/apis/rbac/{v1,validation}`. */
import { defineKind } from "../kind.ts";
import type { RoleBinding } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { defaultBinding, subjectCells, validateBinding, validateSameRole } from "./role_ref.ts";

const ROLES = ["Role", "ClusterRole"];

export const roleBinding = defineKind<RoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  singular: "rolebinding",
  namespaced: true,
  type: "rbac.v1.RoleBinding",
  strategy: {
    names: "path",
    generation: false,
    createOnUpdate: true,
    defaults: defaultBinding,
    validate: (binding) => validateBinding(binding, ROLES),
    validateUpdate: (binding, old) => [...validateBinding(binding, ROLES), ...validateSameRole(binding, old)],
  },
  table: tableOf("rbac.v1.RoleBinding", ({ metadata, roleRef, subjects }, now) => [
    metadata.name ?? "",
    `${roleRef.kind}/${roleRef.name}`,
    age(metadata.creationTimestamp, now),
    ...subjectCells(subjects),
  ]),
});
