/**
 * An OpenAPI v2 document in protobuf, the only form in which kubectl reads one.
 *
 * Source: `github.com/google/gnostic-models/openapiv2/OpenAPIv2.proto`.
 */
import { LENGTH, VARINT, WireWriter } from "../protobuf/wire.ts";
import type { Schema } from "./schemas.ts";

export const GNOSTIC = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/** Writes the fields of one message. */
type Write = (value: Schema) => void;

/** @param document as v2Document makes it */
export function encodeGnostic(document: Schema): Uint8Array {
  const encoder = new Encoder();
  encoder.document(document);
  return encoder.writer.finish();
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];
const isExtension = (key: string) => key.startsWith("x-");

class Encoder {
  readonly writer = new WireWriter();

  document(document: Schema) {
    this.#text(1, document.swagger);
    this.#message(2, document.info, (info) => {
      this.#text(1, info.title);
      this.#text(2, info.version);
    });
    this.#message(8, document.paths, (paths) => this.#named(2, paths, (item) => this.#pathItem(item)));
    this.#message(9, document.definitions, (all) => this.#named(1, all, (schema) => this.#schema(schema)));
    this.#message(10, document.parameters, (all) => this.#named(1, all, (parameter) => this.#parameter(parameter)));
    for (const requirement of document.security as readonly Schema[]) {
      this.#message(12, requirement, (value) => this.#named(1, value, () => {}));
    }
    this.#message(
      13,
      document.securityDefinitions,
      (all) =>
        this.#named(1, all, (value) =>
          this.#message(2, value, (key) => {
            this.#text(1, key.type);
            this.#text(2, key.name);
            this.#text(3, key.in);
            this.#text(4, key.description);
          })),
    );
  }

  #pathItem(item: Schema) {
    METHODS.forEach((method, i) => this.#message(i + 2, item[method], (operation) => this.#operation(operation)));
    this.#parameters(9, item.parameters);
  }

  #operation(operation: Schema) {
    this.#texts(1, operation.tags);
    this.#text(3, operation.description);
    this.#text(5, operation.operationId);
    this.#texts(6, operation.produces);
    this.#texts(7, operation.consumes);
    this.#parameters(8, operation.parameters);
    this.#message(
      9,
      operation.responses,
      (responses) =>
        this.#named(1, responses, (value) =>
          this.#message(1, value, (response) => {
            this.#text(1, response.description);
            this.#message(2, response.schema, (schema) => this.#message(1, schema, (value) => this.#schema(value)));
          })),
    );
    this.#texts(10, operation.schemes);
    this.#extensions(13, operation);
  }

  #parameters(number: number, parameters: unknown) {
    for (const parameter of parameters as readonly Schema[] ?? []) {
      this.#message(number, parameter, (item) => {
        if (item.$ref === undefined) this.#message(1, item, (value) => this.#parameter(value));
        else this.#message(2, item, () => this.#text(1, item.$ref));
      });
    }
  }

  #parameter(parameter: Schema) {
    if (parameter.in === "body") {
      this.#message(1, parameter, (body) => {
        this.#text(2, body.name);
        this.#text(3, body.in);
        this.#flag(4, body.required);
        this.#message(5, body.schema, (schema) => this.#schema(schema));
      });
      return;
    }
    const inQuery = parameter.in === "query";
    // The two forms differ by one field, which shifts the numbers behind it.
    const shift = inQuery ? 1 : 0;
    this.#message(2, parameter, (other) =>
      this.#message(inQuery ? 3 : 4, other, (value) => {
        this.#flag(1, value.required);
        this.#text(2, value.in);
        this.#text(3, value.description);
        this.#text(4, value.name);
        this.#text(5 + shift, value.type);
        this.#flag(19 + shift, value.uniqueItems);
      }));
  }

  #schema(schema: Schema) {
    this.#text(1, schema.$ref);
    this.#text(2, schema.format);
    this.#text(4, schema.description);
    this.#texts(19, schema.required);
    for (const value of schema.enum as readonly unknown[] ?? []) {
      this.#message(20, {}, () => this.#text(2, JSON.stringify(value)));
    }
    const additional = schema.additionalProperties;
    if (typeof additional === "boolean") this.#message(21, {}, () => this.#flag(2, additional));
    else this.#message(21, additional, (item) => this.#message(1, item, (value) => this.#schema(value)));
    if (schema.type !== undefined) this.#message(22, {}, () => this.#text(1, schema.type));
    this.#message(23, schema.items, (item) => this.#message(1, item, (value) => this.#schema(value)));
    this.#message(25, schema.properties, (all) => this.#named(1, all, (value) => this.#schema(value)));
    this.#extensions(31, schema);
  }

  #extensions(number: number, holder: Schema) {
    for (const [name, value] of Object.entries(holder)) {
      if (!isExtension(name)) continue;
      this.#message(number, {}, () => {
        this.#text(1, name);
        // YAML, of which JSON is a part.
        this.#message(2, {}, () => this.#text(2, JSON.stringify(value)));
      });
    }
  }

  /** The members of an object, each a message with a name and a value. */
  #named(number: number, members: Schema, write: Write) {
    for (const [name, member] of Object.entries(members)) {
      this.#message(number, {}, () => {
        this.#text(1, name);
        this.#message(2, member, write);
      });
    }
  }

  #message(number: number, value: unknown, write: Write) {
    if (typeof value !== "object" || value === null) return;
    this.writer.tag(number, LENGTH);
    this.writer.withLength(() => write(value as Schema));
  }

  #text(number: number, value: unknown) {
    if (typeof value !== "string" || value === "") return;
    this.writer.tag(number, LENGTH);
    this.writer.text(value);
  }

  #texts(number: number, values: unknown) {
    for (const value of values as readonly string[] ?? []) this.#text(number, value);
  }

  #flag(number: number, value: unknown) {
    if (value !== true) return;
    this.writer.tag(number, VARINT);
    this.writer.varint(1);
  }
}
