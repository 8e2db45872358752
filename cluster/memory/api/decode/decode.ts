/**
 * A request's body becomes an object of the kind that the endpoint takes.
 *
 * Source: `apiserver/pkg/endpoints/handlers/{create,update,rest}.go`, `apimachinery/pkg/runtime/serializer`.
 */
import { shapeOf, type StructShape, typeFacts, typeNames } from "../../kinds/schema/shape.ts";
import { MalformedProtobuf, openEnvelope, PROTOBUF, readObject } from "../protobuf/mod.ts";
import { badRequest, type StatusError } from "../status.ts";
import { coerce, type Coerced } from "./custom.ts";
import { goQuote } from "./go_text.ts";
import { MalformedJson, type Reading, readJson, readUntyped } from "./json_reader.ts";
import { syntaxError } from "./json_syntax.ts";
import { normalize } from "./normalize.ts";
import { oldShape } from "./old_versions.ts";
import { isScalarError } from "./scalar.ts";
import { type GroupVersionKind, interpret, parseGroupVersion, UnrecognizedBody, withDefaults } from "./type_meta.ts";
import { MalformedYaml, readYaml } from "./yaml.ts";

export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface DecodeOptions {
  /** The body's media type, "application/json" unless said; parameters after ";" do not matter. */
  readonly contentType?: string;
  /** What the endpoint takes: a Deployment, or a Scale for the subresource of that name. */
  readonly expected: GroupVersionKind;
  readonly shape: StructShape;
  /** "Warn" unless said. */
  readonly fieldValidation?: FieldValidation;
  /** Whether the endpoint takes the version of the data; only the expected one unless said. */
  readonly accepts?: (data: GroupVersionKind) => boolean;
}

export interface Decoded<T = Record<string, unknown>> {
  /** Normalized; apiVersion and kind are set, to what the data say or else to what was expected. */
  readonly object: T;
  /** For Warning headers, with "Warn": `unknown field "spec.foo"`. */
  readonly warnings: readonly string[];
  /** The group, version and kind of the data. */
  readonly data: GroupVersionKind;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads the body of a create or an update. See the module's documentation. @throws {StatusError} */
export function decode<T = Record<string, unknown>>(body: Uint8Array, options: DecodeOptions): Decoded<T> {
  const mediaType = (options.contentType ?? "application/json").split(";")[0].trim().toLowerCase();
  if (mediaType === PROTOBUF) return finished(readProtobuf(body, options), options);
  return finished(
    mediaType === "application/yaml" ? readYamlBody(body, options) : readJsonBody(body, body, [], options),
    options,
  );
}

/** Reads a value that is there already, as `decode` would read its JSON: what a patch has made. @throws {StatusError} */
export function decodeValue<T = Record<string, unknown>>(value: unknown, options: DecodeOptions): Decoded<T> {
  return decode<T>(new TextEncoder().encode(JSON.stringify(value)), { ...options, contentType: "application/json" });
}

interface Read {
  readonly object: Record<string, unknown>;
  readonly data: GroupVersionKind;
  readonly shape: StructShape;
  readonly strictErrors: readonly string[];
}

const isCustom = (shape: StructShape) => shape.name === "";

/** @param original the body as it came, for what messages quote */
function readJsonBody(
  body: Uint8Array,
  original: Uint8Array,
  earlier: readonly string[],
  options: DecodeOptions,
): Read {
  const { expected, shape } = options;
  const text = utf8.decode(body);
  let reading = attempt(text, shape);
  let data: GroupVersionKind;
  try {
    data = reading === undefined ? malformed(body) : interpret(kindOf(reading, text));
  } catch (error) {
    if (error instanceof UnrecognizedBody) throw unrecognized(error.message, original, expected);
    throw error;
  }
  if (isCustom(shape)) {
    if (data.kind === "") {
      throw unrecognized(`Object 'Kind' is missing in '${utf8.decode(original)}'`, original, expected);
    }
  } else data = withDefaults(data, expected);
  const actual = isCustom(shape) ? shape : registered(data, options);
  if (actual !== shape) reading = attempt(text, actual)!;
  const { value, problem, strictErrors } = reading!;
  if (problem !== undefined) throw unusable(problem, data, expected);
  return {
    object: (value ?? {}) as Record<string, unknown>,
    data,
    shape: actual,
    strictErrors: [...earlier, ...strictErrors],
  };
}

/** Undefined when the text is not JSON. */
function attempt(text: string, shape: StructShape): Reading | undefined {
  try {
    return isCustom(shape) ? readUntyped(text) : readJson(text, shape);
  } catch (error) {
    if (error instanceof MalformedJson) return undefined;
    throw error;
  }
}

function malformed(body: Uint8Array): never {
  const problem = syntaxError(body) ?? "unexpected end of JSON input";
  throw new UnrecognizedBody(`couldn't get version/kind; json parse error: ${problem}`);
}

/** What was read has the kind, unless its type or the case of its key was wrong. */
function kindOf({ value }: Reading, text: string): unknown {
  const { apiVersion, kind } = (value ?? {}) as Record<string, unknown>;
  return typeof apiVersion === "string" && typeof kind === "string" ? { apiVersion, kind } : JSON.parse(text);
}

function readYamlBody(body: Uint8Array, options: DecodeOptions): Read {
  try {
    const { json, duplicates } = readYaml(utf8.decode(body));
    const earlier = duplicates.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${duplicates.join("\n  ")}`];
    return readJsonBody(new TextEncoder().encode(json), body, earlier, options);
  } catch (error) {
    if (error instanceof MalformedYaml) throw unrecognized(error.message, body, options.expected);
    throw error;
  }
}

function readProtobuf(body: Uint8Array, options: DecodeOptions): Read {
  let data: GroupVersionKind | undefined;
  try {
    const envelope = openEnvelope(body);
    data = withDefaults({ ...parseGroupVersion(envelope.apiVersion), kind: envelope.kind }, options.expected);
    const shape = registered(data, options);
    // Quantities and times are checked where objects are normalized: a client of this form rarely gets them wrong.
    return { object: readObject(envelope, shape), data, shape, strictErrors: [] };
  } catch (error) {
    if (error instanceof MalformedProtobuf && data !== undefined) throw unusable(error.message, data, options.expected);
    if (error instanceof MalformedProtobuf || error instanceof UnrecognizedBody) {
      throw unrecognized(error.message, body, options.expected);
    }
    throw error;
  }
}

/** What follows reading, whatever the format. */
function finished<T>({ object, data, shape, strictErrors }: Read, options: DecodeOptions): Decoded<T> {
  const { expected, fieldValidation = "Warn", accepts } = options;
  if (!isConvertible(data, expected) && !isCustom(shape)) {
    const [from, to] = [shapeOf(shape.name), options.shape].map((type) => type.name.split("."));
    const problem = `converting (${from[1]}.${from[2]}) to (${to[0]}.${to[2]}): unknown conversion`;
    throw unusable(problem, data, expected);
  }
  const { problem, unknown } = isCustom(shape) ? coerce(object, shape) : NOTHING_UNKNOWN;
  if (problem !== undefined) throw unusable(problem, data, expected);
  const problems = [...strictErrors, ...unknown];
  if (problems.length > 0 && fieldValidation === "Strict") {
    throw unusable(`strict decoding error: ${problems.join(", ")}`, data, expected);
  }
  if (!(accepts?.(data) ?? (data.group === expected.group && data.version === expected.version))) {
    throw badRequest(
      `the API version in the data (${groupVersion(data)}) does not match the expected API version (${
        groupVersion(expected)
      })`,
    );
  }
  object.apiVersion = groupVersion(data);
  object.kind = data.kind;
  return {
    object: normalized(object, shape, options, data) as T,
    warnings: fieldValidation === "Warn" ? problems.flatMap(warningsOf) : [],
    data,
  };
}

function normalized(object: object, shape: StructShape, { expected }: DecodeOptions, data: GroupVersionKind): object {
  try {
    return normalize(object, shape);
  } catch (error) {
    // Only protobuf brings values that have not been read as what they are.
    throw isScalarError(error) ? unusable(error.message, data, expected) : error;
  }
}

const NOTHING_UNKNOWN: Coerced = { unknown: [] };

/** Kinds of one name are read into one internal type, whatever their group and version: Events of either group. */
function isConvertible(data: GroupVersionKind, expected: GroupVersionKind): boolean {
  return data.kind === expected.kind;
}

/** goyaml's errors, one warning a line. */
function warningsOf(problem: string): string[] {
  const [head, ...lines] = problem.split("\n");
  return head.startsWith("yaml: unmarshal errors:") ? lines.map((line) => line.trim()) : [problem];
}

const groupVersion = ({ group, version }: GroupVersionKind) => group === "" ? version : `${group}/${version}`;

/** The types of all built-in kinds, by "group/version/kind". */
const builtIn = new Map(
  typeNames.flatMap((name) =>
    (typeFacts(name).kinds ?? []).map(({ group, version, kind }) => [`${group}/${version}/${kind}`, name] as const)
  ),
);

/** Where Kubernetes makes its lists of kinds, which messages name. */
const SCHEME = "pkg/api/legacyscheme/scheme.go:30";
const EXTENSIONS_SCHEME = "pkg/apiserver/apiserver.go:55";

/** @throws {StatusError} for a kind that nobody registered */
function registered(data: GroupVersionKind, { expected, shape }: DecodeOptions): StructShape {
  const { group, version, kind } = data;
  if (kind === expected.kind && version === expected.version && group === expected.group) return shape;
  const name = builtIn.get(`${group}/${version}/${kind}`);
  if (name !== undefined) return shapeOf(name);
  const old = oldShape(groupVersion(data), kind);
  if (old !== undefined) return old;
  const scheme = expected.group === "apiextensions.k8s.io" ? EXTENSIONS_SCHEME : SCHEME;
  throw unusable(
    `no kind ${goQuote(kind)} is registered for version ${goQuote(groupVersion(data))} in scheme ${goQuote(scheme)}`,
    data,
    expected,
  );
}

function unusable(problem: string, data: GroupVersionKind, expected: GroupVersionKind): StatusError {
  return badRequest(
    `${data.kind} in version ${goQuote(data.version)} cannot be handled as a ${expected.kind}: ${problem}`,
  );
}

function unrecognized(problem: string, body: Uint8Array, expected: GroupVersionKind): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${expected.kind}): ${problem} (${summary(body)})`,
  );
}

/** How much of a body a message shows, in bytes. */
const SHOWN = 30;

function summary(body: Uint8Array): string {
  if (body.length === 0) return "<empty>";
  const start = body.subarray(0, SHOWN);
  const text = body[0] === 0x7b
    ? utf8.decode(start)
    : [...start].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return body.length > SHOWN ? `${text} ...` : text;
}
