/** RoleBinding. Source: `pkg/registry/rbac/rolebinding` and `pkg/apis/rbac/{v1,validation}`. */
import { defineKind } from "../kind.ts";
import type { RoleBinding } from "../schema/types.ts";
import { tableOf } from "../table.ts";
import { bindingCells, bindingStrategy } from "./role_ref.ts";

export const roleBinding = defineKind<RoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  singular: "rolebinding",
  namespaced: true,
  type: "rbac.v1.RoleBinding",
  strategy: bindingStrategy(["Role", "ClusterRole"]),
  table: tableOf("rbac.v1.RoleBinding", bindingCells),
});
