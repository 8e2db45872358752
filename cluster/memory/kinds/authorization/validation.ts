/** Errors of questions about access. Source: `pkg/apis/authorization/validation/validation.go`. */
import { type FieldError, invalid, required } from "../field_error.ts";
import { validateLabelSelectorRequirement } from "../label_selector.ts";
import type {
  FieldSelectorAttributes,
  LabelSelectorAttributes,
  LocalSubjectAccessReview,
  ObjectMeta,
  ResourceAttributes,
  SelfSubjectAccessReviewSpec,
  SubjectAccessReviewSpec,
} from "../schema/types.ts";

/** A question is about a resource or a path of another kind: one of them. */
export function validateSelfReview(spec: SelfSubjectAccessReviewSpec): FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  const errors: FieldError[] = [];
  if (resource && other) errors.push(both(other));
  if (!resource && !other) errors.push(neither());
  return [...errors, ...validateResource(resource)];
}

export function validateReview(spec: SubjectAccessReviewSpec): FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: other, user = "", groups = [] } = spec;
  const errors: FieldError[] = [];
  if (resource && other) errors.push(both(other));
  if (!resource && !other) errors.push(neither());
  if (user === "" && groups.length === 0) {
    errors.push(invalid("spec.user", user, "at least one of user or group must be specified"));
  }
  return [...errors, ...validateResource(resource)];
}

const both = ({ path = "", verb = "" }: { readonly path?: string; readonly verb?: string }) =>
  invalid(
    "spec.nonResourceAttributes",
    { Path: path, Verb: verb },
    "cannot be specified in combination with resourceAttributes",
  );
const neither = () =>
  invalid(
    "spec.resourceAttributes",
    null,
    "exactly one of nonResourceAttributes or resourceAttributes must be specified",
  );

export function validateLocalReview({ metadata, spec }: LocalSubjectAccessReview): FieldError[] {
  const errors = validateReview(spec);
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  if (resource && (resource.namespace ?? "") !== (metadata.namespace ?? "")) {
    errors.push(
      invalid("spec.resourceAttributes.namespace", resource.namespace ?? "", "must match metadata.namespace"),
    );
  }
  if (other) {
    const value = { Path: other.path ?? "", Verb: other.verb ?? "" };
    errors.push(invalid("spec.nonResourceAttributes", value, "disallowed on this kind of request"));
  }
  return errors;
}

/** What the client wrote into the metadata of a question that takes none. */
export function validateEmptyMetadata(metadata: ObjectMeta, namespaced: boolean): FieldError[] {
  const { managedFields: _, creationTimestamp: __, uid: ___, ...written } = metadata;
  const fields = Object.keys(written).filter((field) => !(namespaced && field === "namespace"));
  if (fields.length === 0) return [];
  return [invalid("metadata", metadata, namespaced ? "must be empty except for namespace" : "must be empty")];
}

function validateResource(resource: ResourceAttributes | undefined): FieldError[] {
  const path = "spec.resourceAttributes";
  return [
    ...validateFieldSelector(resource?.fieldSelector, `${path}.fieldSelector`),
    ...validateLabels(resource?.labelSelector, `${path}.labelSelector`),
  ];
}

function validateSelector(raw: string, count: number, path: string): FieldError[] {
  return [
    ...raw !== "" && count > 0
      ? [invalid(`${path}.rawSelector`, raw, "may not specified at the same time as requirements")]
      : [],
    ...raw === "" && count === 0
      ? [required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`)]
      : [],
  ];
}

function validateFieldSelector(selector: FieldSelectorAttributes | undefined, path: string): FieldError[] {
  if (!selector) return [];
  const { rawSelector = "", requirements = [] } = selector;
  return [
    ...validateSelector(rawSelector, requirements.length, path),
    ...requirements.flatMap(({ key = "", operator = "", values = [] }, i) => {
      const at = `${path}.requirements[${i}]`;
      const needs = operator === "In" || operator === "NotIn";
      const takesNone = operator === "Exists" || operator === "DoesNotExist";
      return [
        ...key === "" ? [required(`${at}.key`, "must be specified")] : [],
        ...needs && values.length === 0
          ? [required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
          : [],
        ...takesNone && values.length > 0
          ? [{
            type: "FieldValueForbidden" as const,
            field: `${at}.values`,
            message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          }]
          : [],
      ];
    }),
  ];
}

function validateLabels(selector: LabelSelectorAttributes | undefined, path: string): FieldError[] {
  if (!selector) return [];
  const { rawSelector = "", requirements = [] } = selector;
  return [
    ...validateSelector(rawSelector, requirements.length, path),
    ...requirements.flatMap((requirement, i) =>
      validateLabelSelectorRequirement(requirement, `${path}.requirements[${i}]`, { anyOperator: true })
    ),
  ];
}
