/**
 * The columns that a CustomResourceDefinition adds to `kubectl get`.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go`.
 */
import { isList, isObject, type Json } from "../../kinds/json.ts";
import type { Cell, Column, Table } from "../../kinds/kind.ts";
import { age, createdAtTable } from "../../kinds/table.ts";
import type { CustomResourceColumnDefinition } from "../../kinds/schema/types.ts";
import { parseJsonPath } from "./json_path.ts";

const [NAME, CREATED] = createdAtTable.columns;
const AGE: CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: CREATED.description,
};

/** @param definitions a column for the age when there are none */
export function columnsOf(definitions: readonly CustomResourceColumnDefinition[] | undefined): Table {
  const defined = definitions === undefined || definitions.length === 0 ? [AGE] : definitions;
  const paths = defined.map(({ jsonPath }) => parseJsonPath(jsonPath));
  return {
    columns: [NAME, ...defined.map(columnOf)],
    cells: (object, now) => [
      object.metadata.name ?? "",
      ...defined.map(({ type }, i) => cellOf(paths[i]?.(object)[0], type, now)),
    ],
  };
}

function columnOf({ name, type, format, description, priority, jsonPath }: CustomResourceColumnDefinition): Column {
  return {
    name,
    type: type as Column["type"],
    ...format ? { format } : {},
    ...priority ? { priority: priority as 1 } : {},
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
  };
}

/** A value that is not of the column's type is not shown. */
function cellOf(value: Json | undefined, type: string, now: number): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case "string":
      return typeof value === "string"
        ? value
        : isList(value) || isObject(value)
        ? JSON.stringify(value)
        : String(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      if (typeof value !== "string") return null;
      return Number.isNaN(Date.parse(value)) ? "<invalid>" : age(value, now);
    default:
      return null;
  }
}
