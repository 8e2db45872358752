/** Role. Source: `pkg/registry/rbac/role` and `pkg/apis/rbac/validation`. */
import { defineKind } from "../kind.ts";
import { metadataErrors } from "../object_meta.ts";
import type { Role } from "../schema/types.ts";
import { createdAtTable } from "../table.ts";
import { validateRules } from "./policy_rule.ts";

export const role = defineKind<Role>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  plural: "roles",
  singular: "role",
  namespaced: true,
  type: "rbac.v1.Role",
  strategy: {
    names: "path",
    generation: false,
    createOnUpdate: true,
    validate: ({ rules }) => validateRules(rules, true),
    validateUpdate: (role) => [...validateRules(role.rules, true), ...metadataErrors(role)],
  },
  table: createdAtTable,
});
