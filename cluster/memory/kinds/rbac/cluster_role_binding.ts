/** ClusterRoleBinding. Source: `pkg/registry/rbac/clusterrolebinding` and `pkg/apis/rbac/{v1,validation}`. */
import { defineKind } from "../kind.ts";
import type { ClusterRoleBinding } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { defaultBinding, subjectCells, validateBinding, validateSameRole } from "./role_ref.ts";

const ROLES = ["ClusterRole"];

export const clusterRoleBinding = defineKind<ClusterRoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  singular: "clusterrolebinding",
  namespaced: false,
  type: "rbac.v1.ClusterRoleBinding",
  strategy: {
    names: "path",
    generation: false,
    createOnUpdate: true,
    defaults: defaultBinding,
    validate: (binding) => validateBinding(binding, ROLES),
    validateUpdate: (binding, old) => [...validateBinding(binding, ROLES), ...validateSameRole(binding, old)],
  },
  table: tableOf("rbac.v1.ClusterRoleBinding", ({ metadata, roleRef, subjects }, now) => [
    metadata.name ?? "",
    `${roleRef.kind}/${roleRef.name}`,
    age(metadata.creationTimestamp, now),
    ...subjectCells(subjects),
  ]),
});
