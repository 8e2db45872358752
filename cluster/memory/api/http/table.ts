/**
 * Objects as `kubectl get` shows them: the columns of their kind, the server's own words in the cells.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/response.go` (asTable), `registry/rest/table.go`.
 */
import type { Column, Kind, Table } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import { createdAtTable } from "../../kinds/table.ts";
import { badRequest } from "../status.ts";
import { encodeObject, type ListMeta } from "./encoding.ts";

export type IncludeObject = "None" | "Metadata" | "Object";

/** Which part of the objects a table carries. @throws {StatusError} 400 */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject") || "Metadata";
  if (value === "None" || value === "Metadata" || value === "Object") return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${
      JSON.stringify(value)
    }: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** What has columns of its own, or those that everything has. */
type Tabular = Pick<Kind, "table">;

const tableOf = ({ table }: Tabular): Table => table ?? createdAtTable;

const columnsOf = new WeakMap<Table, string>();

function encodedColumns(table: Table): string {
  let columns = columnsOf.get(table);
  if (columns === undefined) columnsOf.set(table, columns = JSON.stringify(table.columns.map(definition)));
  return columns;
}

const definition = ({ name, type, format = "", description, priority = 0 }: Column) => ({
  name,
  type,
  format,
  description,
  priority,
});

export interface TableOptions {
  /** "v1" or "v1beta1" of meta.k8s.io. */
  readonly version: string;
  readonly include: IncludeObject;
  /** Milliseconds since the epoch, for ages. */
  readonly now: number;
  /** Whether the columns are described: only in the first event of a watch. */
  readonly headers: boolean;
}

/** A table of objects, encoded. */
export function encodeTable(
  shown: Tabular,
  metadata: ListMeta,
  objects: readonly KubeObject[],
  options: TableOptions,
): string {
  const table = tableOf(shown);
  const columns = options.headers ? encodedColumns(table) : "null";
  const ordered = table.order === undefined ? objects : objects.toSorted(table.order);
  const rows = ordered.map((object) => encodeRow(table, object, options)).join(",");
  return `{"kind":"Table","apiVersion":"meta.k8s.io/${options.version}","metadata":${
    JSON.stringify(metadata)
  },"columnDefinitions":${columns},"rows":[${rows}]}`;
}

/** A bookmark in a watch of tables: nothing but its metadata can be shown. */
export function encodeBookmarkTable(shown: Tabular, object: KubeObject, { version, headers }: TableOptions): string {
  const table = tableOf(shown);
  const { resourceVersion } = object.metadata;
  return `{"kind":"Table","apiVersion":"meta.k8s.io/${version}","metadata":${
    JSON.stringify({ resourceVersion })
  },"columnDefinitions":${headers ? encodedColumns(table) : "null"},"rows":[{"cells":${
    JSON.stringify(table.columns.map(() => ""))
  },"object":${encodeMetadata(object, version)}}]}`;
}

function encodeRow(table: Table, object: KubeObject, { version, include, now }: TableOptions): string {
  const cells = JSON.stringify(table.cells(object, now));
  const conditions = table.conditions?.(object) ?? [];
  const shown = include === "None"
    ? "null"
    : include === "Object"
    ? encodeObject(object)
    : encodeMetadata(table.metadata === undefined ? object : { metadata: table.metadata(object) }, version);
  return `{"cells":${cells}${
    conditions.length === 0 ? "" : `,"conditions":${JSON.stringify(conditions)}`
  },"object":${shown}}`;
}

/** An object's metadata alone. */
export function encodeMetadata({ metadata }: Pick<KubeObject, "metadata">, version: string): string {
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${
    JSON.stringify(metadata)
  }}`;
}

export function encodeMetadataList(metadata: ListMeta, objects: readonly KubeObject[], version: string): string {
  const items = objects.map((object) => encodeMetadata(object, version)).join(",");
  return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${version}","metadata":${
    JSON.stringify(metadata)
  },"items":[${items}]}`;
}
