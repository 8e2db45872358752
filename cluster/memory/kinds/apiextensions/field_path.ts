/**
 * Paths into a schema, ".spec.ports['web.http']", as rules and selectable fields write them.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go` (ValidFieldPath).
 */
import { child, keyed } from "../field_error.ts";
import { type JSONSchemaProps, propertyOf, valuesOf } from "./json_schema.ts";

export interface FieldPath {
  /** As errors write it, "spec.ports[web.http]". */
  readonly path: string;
  readonly keys: readonly string[];
  /** What is there. */
  readonly schema: JSONSchemaProps;
}

const TOKEN = /'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+/y;

/** @throws {FieldPathError} for what is no path, or leads nowhere */
export function parseFieldPath(text: string, schema: JSONSchemaProps, brackets = true): FieldPath {
  const tokens = tokensOf(text);
  let [path, at] = ["", schema];
  const keys: string[] = [];
  const descend = (key: string) => {
    const isNamed = at.properties !== undefined;
    const values = valuesOf(at);
    if (!isNamed && values === undefined) throw new FieldPathError("does not refer to a valid field");
    const next = isNamed ? propertyOf(at, key) : typeof values === "object" ? values : {};
    if (next === undefined) throw new FieldPathError("does not refer to a valid field");
    path = isNamed ? child(path, key) : keyed(path, key);
    keys.push(key);
    at = next;
  };
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === ".") {
      const name = tokens[++i];
      if (name === undefined) throw new FieldPathError("unexpected end of JSON path");
      descend(name);
    } else if (tokens[i] === "[") {
      if (!brackets) throw new FieldPathError("array notation is not allowed");
      const [quoted, close] = [tokens[++i], tokens[++i]];
      if (quoted === undefined) throw new FieldPathError("unexpected end of JSON path");
      if (!/^'.*'$/.test(quoted)) throw new FieldPathError(`expected single quoted string but got ${quoted}`);
      descend(quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1"));
      if (close !== "]") {
        throw new FieldPathError(close === undefined ? "unexpected end of JSON path" : `expected ] but got ${close}`);
      }
    } else throw new FieldPathError(`expected [ or . but got: ${tokens[i]}`);
  }
  return { path, keys, schema: at };
}

export class FieldPathError extends Error {
  override readonly name = "FieldPathError";
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [token] = TOKEN.exec(text) ?? [text.slice(TOKEN.lastIndex)];
    tokens.push(token);
    if (TOKEN.lastIndex === 0) break;
  }
  return tokens;
}
