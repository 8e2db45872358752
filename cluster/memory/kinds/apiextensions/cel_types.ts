/**
 * A schema's types and values for CEL: objects have their declared fields and no others, integers are whole numbers,
 * dates and durations what their format says.
 *
 * Source: `k8s.io/apiserver/pkg/cel/common/{schemas,values}.go` and `cel/escaping.go`.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { newEnvironment } from "../cel/environment.ts";
import { equalValues } from "../cel/equality.ts";
import { escape } from "../cel/escaping.ts";
import { isList, isObject, type Json } from "../json.ts";
import { isEmbedded, isIntOrString, itemsOf, type JSONSchemaProps, valuesOf } from "./json_schema.ts";

/** What a rule can read of metadata. */
const METADATA: JSONSchemaProps = {
  type: "object",
  properties: { name: { type: "string" }, generateName: { type: "string" } },
};
const TYPED: Readonly<Record<string, JSONSchemaProps>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: METADATA,
};

/** A value of an object type; each type has a class of its own, by which the language knows it. */
type ObjectClass = new () => Record<string, unknown>;

export class SchemaTypes {
  readonly #environment = newEnvironment();
  readonly #classes = new Map<JSONSchemaProps, ObjectClass>();
  readonly #names = new Map<JSONSchemaProps, string>();
  /** Values that were converted already: rules at several levels read the same parts. */
  readonly #converted = new WeakMap<object, Map<JSONSchemaProps, unknown>>();
  readonly #properties = new Map<JSONSchemaProps, ReadonlyMap<string, readonly [string, JSONSchemaProps]>>();

  /** @param isResource the schema is that of a whole object */
  constructor(readonly root: JSONSchemaProps, readonly isResource: boolean) {
    this.#declareAll(root, "selfType");
  }

  /** Names every type while the environment is still open, also those that no expression can reach from the root. */
  #declareAll(schema: JSONSchemaProps, path: string): void {
    this.typeOf(schema, path);
    const [items, values] = [itemsOf(schema), valuesOf(schema)];
    if (items !== undefined) this.#declareAll(items, `${path}.items`);
    if (typeof values === "object") this.#declareAll(values, `${path}.values`);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!(this.#isWhole(schema) && name in TYPED)) this.#declareAll(property, `${path}.${name}`);
    }
  }

  /** Whether the schema is that of an object with metadata. */
  #isWhole(schema: JSONSchemaProps): boolean {
    return isEmbedded(schema) || this.isResource && schema === this.root;
  }

  /** An environment with `self` and `oldSelf` of that part of the schema. */
  environment(schema: JSONSchemaProps, optionalOldSelf: boolean): Environment {
    const type = this.typeOf(schema, "selfType");
    return this.#environment.clone().registerVariable("self", type)
      .registerVariable("oldSelf", optionalOldSelf ? `optional<${type}>` : type);
  }

  /** The name of the type. All types are named when the root is, before an environment is made. */
  typeOf(schema: JSONSchemaProps, path: string): string {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const name = this.#declare(schema, path);
    this.#names.set(schema, name);
    return name;
  }

  #declare(schema: JSONSchemaProps, path: string): string {
    if (isIntOrString(schema)) return "dyn";
    switch (schema.type) {
      case "array":
        return `list<${this.typeOf(itemsOf(schema) ?? {}, `${path}.items`)}>`;
      case "integer":
        return "int";
      case "number":
        return "double";
      case "boolean":
        return "bool";
      case "string":
        return STRING_FORMATS[schema.format ?? ""]?.type ?? "string";
      case "object":
        return this.#declareObject(schema, path);
      default:
        return "dyn";
    }
  }

  #declareObject(schema: JSONSchemaProps, path: string): string {
    const values = valuesOf(schema);
    if (values !== undefined && values !== false && schema.properties === undefined) {
      return `map<string, ${values === true ? "dyn" : this.typeOf(values, `${path}.values`)}>`;
    }
    const fields: Record<string, string> = {};
    for (const [escaped, [name, property]] of this.#propertiesOf(schema)) {
      fields[escaped] = this.typeOf(property, `${path}.${name}`);
    }
    const ctor = class {} as ObjectClass;
    this.#classes.set(schema, ctor);
    this.#environment.registerType(path, { ctor, fields } as never);
    this.#environment.registerOperator(`${path} == ${path}`, equalValues);
    this.#environment.registerOperator(`${path} == null`, () => false);
    return path;
  }

  /** The properties that expressions can name, under the names by which they do. */
  #propertiesOf(schema: JSONSchemaProps): ReadonlyMap<string, readonly [string, JSONSchemaProps]> {
    let known = this.#properties.get(schema);
    if (known === undefined) {
      const all = { ...schema.properties, ...this.#isWhole(schema) ? TYPED : {} };
      known = new Map(
        Object.entries(all).flatMap(([name, property]) => {
          const escaped = escape(name);
          return escaped === undefined ? [] : [[escaped, [name, property]] as const];
        }),
      );
      this.#properties.set(schema, known);
    }
    return known;
  }

  /** The value as an expression sees it; undefined for a null, which no rule reads. */
  value(value: Json | undefined, schema: JSONSchemaProps): unknown {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "object") return this.#scalar(value, schema);
    let known = this.#converted.get(value);
    if (known === undefined) this.#converted.set(value, known = new Map());
    if (!known.has(schema)) known.set(schema, this.#compound(value, schema));
    return known.get(schema);
  }

  #scalar(value: string | number | boolean, schema: JSONSchemaProps): unknown {
    if (typeof value === "number") return schema.type !== "number" && Number.isInteger(value) ? BigInt(value) : value;
    if (typeof value === "string" && schema.type === "string") {
      return STRING_FORMATS[schema.format ?? ""]?.parse(value) ?? value;
    }
    return value;
  }

  #compound(value: Json, schema: JSONSchemaProps): unknown {
    if (isList(value)) {
      const items = itemsOf(schema) ?? {};
      return value.map((item) => this.value(item, items)).filter((item) => item !== undefined);
    }
    if (!isObject(value)) return value;
    const ctor = this.#classes.get(schema);
    if (ctor === undefined) {
      const values = valuesOf(schema);
      const inner = typeof values === "object" ? values : {};
      return new Map(
        Object.entries(value).map(([key, entry]) => [key, this.value(entry, inner)] as const)
          .filter(([, entry]) => entry !== undefined),
      );
    }
    const object = new ctor();
    for (const [escaped, [name, property]] of this.#propertiesOf(schema)) {
      const entry = this.value(value[name], property);
      if (entry !== undefined) object[escaped] = entry;
    }
    return object;
  }
}

const timestamp = (text: string) => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

let durations: ((variables: { text: string }) => unknown) | undefined;

/** The language's own reading of a duration; undefined for what is none. */
function duration(text: string): unknown {
  durations ??= newEnvironment().registerVariable("text", "string").parse("duration(text)");
  try {
    return durations({ text });
  } catch {
    return undefined;
  }
}

const bytes = (text: string) => {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
};

const STRING_FORMATS: Readonly<Record<string, { readonly type: string; parse(text: string): unknown }>> = {
  byte: { type: "bytes", parse: bytes },
  date: { type: "google.protobuf.Timestamp", parse: timestamp },
  "date-time": { type: "google.protobuf.Timestamp", parse: timestamp },
  duration: { type: "google.protobuf.Duration", parse: duration },
};
