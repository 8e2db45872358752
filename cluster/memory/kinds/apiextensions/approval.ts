/** Definitions in the groups of Kubernetes itself. Source: as custom_resource_definition_validation.ts (validateAPIApproval). */
import { type FieldError, invalid, keyed, required } from "../field_error.ts";
import type { CustomResourceDefinition } from "../schema/types.ts";

const APPROVAL = "api-approved.kubernetes.io";

type Approval = "missing" | "bypassed" | "approved" | "invalid";

function approvalOf({ metadata }: CustomResourceDefinition): Approval {
  const text = metadata.annotations?.[APPROVAL] ?? "";
  if (text === "") return "missing";
  if (text.startsWith("unapproved")) return "bypassed";
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]+/.test(text) ? "approved" : "invalid";
}

/** The groups of Kubernetes itself are guarded: who defines a kind there says that it was agreed. */
export function validateApproval(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(definition.spec.group ?? "")) return [];
  const approval = approvalOf(definition);
  if (old !== undefined && approvalOf(old) === approval) return [];
  const at = keyed("metadata.annotations", APPROVAL);
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  const must = `protected groups must have approval annotation ${JSON.stringify(APPROVAL)}`;
  if (approval === "missing") return [required(at, `${must}, ${see}`)];
  if (approval !== "invalid") return [];
  const why = `${must} with either a URL or a reason starting with "unapproved", ${see}`;
  return [invalid(at, definition.metadata.annotations?.[APPROVAL], why)];
}
