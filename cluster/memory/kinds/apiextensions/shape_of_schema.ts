/**
 * The shape of a custom resource, from its schema: what decoding, pruning, patches and field ownership work on.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning` and
 * `k8s.io/kube-openapi/pkg/schemaconv`.
 */
import { type Field, type ListShape, type Shape, shapeOf, type StructShape } from "../schema/shape.ts";
import {
  isEmbedded,
  isIntOrString,
  itemsOf,
  type JSONSchemaProps,
  listKeysOf,
  listTypeOf,
  preservesUnknown,
  valuesOf,
} from "./json_schema.ts";

const ANY: Shape = { is: "any" };
const STRING: Shape = { is: "scalar", type: "string" };

/** The shape of a whole object: its schema, and the metadata that every object has. */
export function shapeOfSchema(schema: JSONSchemaProps | undefined): StructShape {
  return struct({
    ...schema ?? { "x-kubernetes-preserve-unknown-fields": true },
    "x-kubernetes-embedded-resource": true,
  });
}

function struct(schema: JSONSchemaProps): StructShape {
  const fields = new Map<string, Field>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    fields.set(name, fieldOf(name, property, schema));
  }
  if (isEmbedded(schema)) {
    fields.set("apiVersion", plain("apiVersion", STRING));
    fields.set("kind", plain("kind", STRING));
    fields.set("metadata", plain("metadata", shapeOf("meta.v1.ObjectMeta")));
  }
  const atomic = schema["x-kubernetes-map-type"] === "atomic";
  return { is: "struct", name: "", fields, atomic, ...preservesUnknown(schema) ? { preserveUnknown: true } : {} };
}

function fieldOf(name: string, schema: JSONSchemaProps, parent: JSONSchemaProps): Field {
  return {
    ...plain(name, shapeIn(schema)),
    required: parent.required?.includes(name) ?? false,
    default: schema.default,
  };
}

function plain(name: string, shape: Shape): Field {
  return { name, shape, required: false, alwaysWritten: false, pointer: false };
}

function shapeIn(schema: JSONSchemaProps): Shape {
  if (isIntOrString(schema)) return { is: "scalar", type: "int-or-string" };
  const values = valuesOf(schema);
  if (values !== undefined && values !== false && Object.keys(schema.properties ?? {}).length === 0) {
    const atomic = schema["x-kubernetes-map-type"] === "atomic";
    return { is: "map", values: values === true ? ANY : shapeIn(values), atomic };
  }
  switch (schema.type) {
    case "object": {
      const isOpen = preservesUnknown(schema) && !isEmbedded(schema) && schema.properties === undefined;
      return isOpen && schema["x-kubernetes-map-type"] !== "atomic" ? ANY : struct(schema);
    }
    case "array":
      return {
        is: "list",
        items: shapeIn(itemsOf(schema) ?? {}),
        listType: (listTypeOf(schema) ?? "atomic") as ListShape["listType"],
        listMapKeys: listKeysOf(schema),
      };
    case "string":
      return STRING;
    case "integer":
      return { is: "scalar", type: schema.format === "int32" ? "int32" : "int64" };
    case "number":
      return { is: "scalar", type: "double" };
    case "boolean":
      return { is: "scalar", type: "bool" };
    default:
      return preservesUnknown(schema) && schema.properties !== undefined ? struct(schema) : ANY;
  }
}
