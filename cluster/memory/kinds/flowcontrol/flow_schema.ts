/** FlowSchema. Source: `pkg/registry/flowcontrol/flowschema` and `pkg/apis/flowcontrol/{v1,validation}`. */
import { duplicate, type FieldError, required } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import type { FlowSchema } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateFlowSchema } from "./flow_schema_validation.ts";

const DEFAULT_PRECEDENCE = 1000;

export const flowSchema = defineKind<FlowSchema>({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "FlowSchema",
  plural: "flowschemas",
  singular: "flowschema",
  namespaced: false,
  type: "flowcontrol.v1.FlowSchema",
  strategy: {
    names: "subdomain",
    unconditionalUpdate: false,
    defaults: ({ spec }) => void (spec && (spec.matchingPrecedence ||= DEFAULT_PRECEDENCE)),
    prepareForCreate: (schema) => void (schema.status = {}),
    prepareForUpdate: (schema, old) => void (schema.status = old.status as typeof schema.status),
    validate: validateFlowSchema,
    validateUpdate: validateFlowSchema,
  },
  status: {
    prepareForUpdate: (schema, old) => void (schema.spec = old.spec as typeof schema.spec),
    validateUpdate: ({ status }) => validateConditionTypes(status?.conditions ?? []),
  },
  table: {
    ...tableOf<FlowSchema>("flowcontrol.v1.FlowSchema", ({ metadata, spec, status }, now) => [
      metadata.name ?? "",
      spec?.priorityLevelConfiguration?.name ?? "",
      spec?.matchingPrecedence ?? 0,
      spec?.distinguisherMethod?.type ?? "<none>",
      age(metadata.creationTimestamp, now),
      status?.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
    ]),
    // The one that is matched first stands first; those of one precedence stay in the order of their names.
    order: (a, b) => (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0),
  },
});

/** Conditions have a type, each its own. */
export const validateConditionTypes = (conditions: readonly { readonly type?: string }[]): FieldError[] =>
  conditions.flatMap(({ type = "" }, i) => {
    const path = `status.conditions[${i}].type`;
    const again = conditions.findIndex((other) => (other.type ?? "") === type) < i;
    return [...again ? [duplicate(path, type)] : [], ...type === "" ? [required(path)] : []];
  });
