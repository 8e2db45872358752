/** ClusterRoleBinding. Source: `pkg/registry/rbac/clusterrolebinding` and `pkg/apis/rbac/{v1,validation}`. */
import { defineKind } from "../kind.ts";
import type { ClusterRoleBinding } from "../schema/types.ts";
import { tableOf } from "../table.ts";
import { bindingCells, bindingStrategy } from "./role_ref.ts";

export const clusterRoleBinding = defineKind<ClusterRoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  singular: "clusterrolebinding",
  namespaced: false,
  type: "rbac.v1.ClusterRoleBinding",
  strategy: bindingStrategy(["ClusterRole"]),
  table: tableOf("rbac.v1.ClusterRoleBinding", bindingCells),
});
