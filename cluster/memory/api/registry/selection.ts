/**
 * Which objects a list, a watch or a deletion of many is about.
 *
 * Source: `k8s.io/apiserver/pkg/storage/selection_predicate.go`; field labels as `pkg/apis/core/v1/conversion.go`.
 */
import {
  type FieldSelector,
  FieldSelectorError,
  fieldSelectorMatches,
  parseFieldSelector,
} from "../../kinds/field_selector.ts";
import type { Kind } from "../../kinds/kind.ts";
import { parseLabelSelector, type Selector, SelectorError, selectorMatches } from "../../kinds/label_selector.ts";
import type { KubeObject } from "../../kinds/object.ts";
import { badRequest } from "../status.ts";
import type { Served } from "./served.ts";

export interface Selection {
  readonly labels: Selector;
  readonly fields: FieldSelector;
}

export const EVERYTHING: Selection = { labels: [], fields: [] };

/**
 * Reads the selectors of a request.
 *
 * @throws {StatusError} 400 for a text that is no selector, and for a field by which the kind cannot be selected
 */
export function parseSelection(served: Served, labelSelector: string, fieldSelector: string): Selection {
  if (labelSelector === "" && fieldSelector === "") return EVERYTHING;
  const labels = parsed(() => parseLabelSelector(labelSelector));
  const asked = parsed(() => parseFieldSelector(fieldSelector));
  if (asked.length === 0) return { labels, fields: asked };
  const fields = asked.map((requirement) => {
    const field = fieldOf(served, requirement.field);
    if (field === undefined) throw badRequest(unknownField(served.kind, requirement.field));
    return { ...requirement, field };
  });
  return { labels, fields };
}

/** The field that a label names in the version that is asked; undefined when it names none. */
function fieldOf({ kind, conversion }: Served, label: string): string | undefined {
  const aliases = conversion?.fieldLabels;
  if (aliases !== undefined && !label.startsWith("metadata.")) return aliases[label];
  const field = kind.fieldAliases?.[label] ?? label;
  return selectableFieldsOf(kind).has(field) ? field : undefined;
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError || error instanceof FieldSelectorError) throw badRequest(error.message);
    throw error;
  }
}

/** The kinds whose fields have a conversion function of their own say a name; the others a general sentence. */
function unknownField({ selectableFields, unknownField }: Kind, field: string): string {
  if (unknownField !== undefined) return unknownField(field);
  return selectableFields === undefined
    ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${field}`;
}

const fieldsOf = new WeakMap<Kind, ReadonlySet<string>>();

/**
 * A kind's fields are those that it finds in an object with nothing in it. A kind without fields of its own takes the
 * namespace even where it has none; those with a conversion function do not.
 */
function selectableFieldsOf(kind: Kind): ReadonlySet<string> {
  let fields = fieldsOf.get(kind);
  if (fields === undefined) {
    const empty = { metadata: {}, spec: {}, status: {} } as KubeObject;
    const own = kind.selectableFields?.(empty);
    const namespace = kind.namespaced || own === undefined ? ["metadata.namespace"] : [];
    fields = new Set(["metadata.name", ...namespace, ...Object.keys(own ?? {})]);
    fieldsOf.set(kind, fields);
  }
  return fields;
}

export const selectsAll = ({ labels, fields }: Selection): boolean => labels.length === 0 && fields.length === 0;

export function selects({ labels, fields }: Selection, kind: Kind, object: KubeObject): boolean {
  if (labels.length > 0 && !selectorMatches(labels, object.metadata.labels)) return false;
  if (fields.length === 0) return true;
  const { name = "", namespace = "" } = object.metadata;
  const more = kind.selectableFields?.(object) ?? {};
  return fieldSelectorMatches(fields, { ...more, "metadata.name": name, "metadata.namespace": namespace });
}

/** The value that a field must have, where the selector asks for exactly one. */
export function exactly({ fields }: Selection, field: string): string | undefined {
  return fields.find((requirement) => requirement.field === field && requirement.operator === "=")?.value;
}
