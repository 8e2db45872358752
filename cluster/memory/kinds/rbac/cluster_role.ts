/** ClusterRole. Source: `pkg/registry/rbac/clusterrole` and `pkg/apis/rbac/validation`. */
import { type FieldError, invalid, required } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import { SelectorError, selectorOf, validateLabelSelector } from "../label_selector.ts";
import { metadataErrors } from "../object_meta.ts";
import type { ClusterRole, LabelSelector } from "../schema/types.ts";
import { createdAtTable } from "../table.ts";
import { validateRules } from "./policy_rule.ts";

export const clusterRole = defineKind<ClusterRole>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  singular: "clusterrole",
  namespaced: false,
  type: "rbac.v1.ClusterRole",
  strategy: {
    names: "path",
    generation: false,
    createOnUpdate: true,
    validate: (role) => validate(role, false),
    validateUpdate: (role, old) => [
      ...validate(role, selectorsOf(old).some((selector) => validateLabelSelector(selector, "").length > 0)),
      ...metadataErrors(role),
    ],
  },
  table: createdAtTable,
});

const selectorsOf = ({ aggregationRule }: ClusterRole): readonly LabelSelector[] =>
  aggregationRule?.clusterRoleSelectors ?? [];

function validate(role: ClusterRole, anyValue: boolean): FieldError[] {
  const errors = validateRules(role.rules, false);
  if (!role.aggregationRule) return errors;
  const path = "aggregationRule.clusterRoleSelectors";
  if (selectorsOf(role).length === 0) {
    errors.push(required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
  }
  return errors.concat(
    selectorsOf(role).flatMap((selector, i) => [
      ...validateLabelSelector(selector, `${path}[${i}]`, { anyValue }),
      ...isSelector(selector) ? [] : [invalid(`${path}[${i}]`, null, "invalid label selector.")],
    ]),
  );
}

function isSelector(selector: LabelSelector): boolean {
  try {
    selectorOf(selector);
    return true;
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}
