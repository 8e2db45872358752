/**
 * What a client takes: the Accept header against what there is.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/negotiation`.
 */
import { failure, type StatusError } from "../status.ts";

export type MediaType = "application/json" | "application/yaml" | "application/vnd.kubernetes.protobuf";

export interface Accepted {
  readonly mediaType: MediaType;
  /** A table or metadata alone, instead of the object: `as=Table;g=meta.k8s.io;v=v1`. */
  readonly as?: {
    readonly kind: "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
    readonly version: string;
  };
  readonly pretty: boolean;
  /** Whether a stream of events was asked for by name. */
  readonly stream: boolean;
}

const MEDIA_TYPES: readonly MediaType[] = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
];

const PROTOBUF = "application/vnd.kubernetes.protobuf";

const TRANSFORMS = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"];

interface Clause {
  readonly type: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

const parsedHeaders = new Map<string, readonly Clause[]>();

/** The clauses of an Accept header, the most wanted first. */
export function parseAccept(header: string): readonly Clause[] {
  let clauses = parsedHeaders.get(header);
  if (clauses === undefined) {
    clauses = header.split(",").map(parseClause).filter(({ type }) => type !== "")
      .sort((a, b) => b.quality - a.quality);
    // Clients send few different headers; a client that sends many does not fill the memory.
    if (parsedHeaders.size > 1000) parsedHeaders.clear();
    parsedHeaders.set(header, clauses);
  }
  return clauses;
}

function parseClause(text: string): Clause {
  const [type, ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals > 0) parameters.set(parameter.slice(0, equals).trim(), parameter.slice(equals + 1).trim());
  }
  return { type: type.toLowerCase(), quality: Number(parameters.get("q") ?? 1) || 0, parameters };
}

/** Whether JSON is to be broken into lines: asked for, or for a program that people look at. */
export function isForPeople(query: URLSearchParams, userAgent = ""): boolean {
  return query.has("pretty") ? isPretty(query.get("pretty")!) : /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** How an object is to be encoded. @throws {StatusError} 406 */
export function negotiate(
  header: string | undefined,
  query: URLSearchParams,
  userAgent: string | undefined,
  verb: string,
): Accepted {
  const human = isForPeople(query, userAgent);
  if (header === undefined || header === "") {
    return { mediaType: "application/json", pretty: human, stream: false };
  }
  const choices = parseAccept(header).map(accept).filter((accepted) => accepted !== undefined);
  if (choices.length > 0) {
    // JSON is encoded already: who takes it as well as protobuf gets it.
    const [first] = choices;
    const chosen = first.mediaType === PROTOBUF ? choices.find(sameButJson(first)) ?? first : first;
    return { ...chosen, pretty: chosen.pretty || human };
  }
  const known = parseAccept(header).some(({ type, parameters }) =>
    parameters.has("as") && (MEDIA_TYPES as readonly string[]).includes(type)
  );
  throw known ? notTransformable() : notAcceptable(verb);
}

const sameButJson = ({ as }: Accepted) => (other: Accepted) =>
  other.mediaType === "application/json" && other.as?.kind === as?.kind;

const isPretty = (value: string) => ["1", "t", "T", "TRUE", "true", "True", ""].includes(value) && value !== "";

function accept({ type, parameters }: Clause): Accepted | undefined {
  const as = parameters.get("as");
  const stream = parameters.get("stream") ?? "";
  if (stream !== "" && stream !== "watch") return undefined;
  for (const mediaType of MEDIA_TYPES) {
    if (type !== mediaType && type !== "application/*" && type !== "*/*") continue;
    const found = { mediaType, pretty: parameters.get("pretty") === "1", stream: stream !== "" };
    if (as === undefined) {
      if (!parameters.has("g") && !parameters.has("v")) return found;
      continue;
    }
    const version = parameters.get("v") ?? "";
    if (parameters.get("g") !== "meta.k8s.io" || !["v1", "v1beta1"].includes(version)) continue;
    if (!TRANSFORMS.includes(as) || as === "Table" && mediaType === "application/vnd.kubernetes.protobuf") continue;
    return { ...found, as: { kind: as as NonNullable<Accepted["as"]>["kind"], version } };
  }
  return undefined;
}

/** Lists are routes that can stream, too. */
function notAcceptable(verb: string): StatusError {
  const streams = verb === "list" || verb === "watch" || verb === "deletecollection";
  const available = [
    ...MEDIA_TYPES,
    ...streams && verb !== "deletecollection"
      ? ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"]
      : [],
  ];
  const message = `406: Not Acceptable\n\nAvailable representations: ${available.join(", ")}`;
  return failure(406, "NotAcceptable", message, {});
}

/** The media type is one of ours, but not what the object is to be shown as. */
const notTransformable = (): StatusError =>
  failure(406, "NotAcceptable", `only the following media types are accepted: ${MEDIA_TYPES.join(", ")}`, {});

/** The patches that an object takes. */
export const PATCH_TYPES: Readonly<Record<string, "json" | "merge" | "strategic" | "apply">> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
};

export const mediaTypeOf = (contentType: string | undefined): string =>
  (contentType ?? "").split(";")[0].trim().toLowerCase();

/** @throws {StatusError} 415 */
export function patchTypeOf(
  contentType: string | undefined,
  custom: boolean,
): "json" | "merge" | "strategic" | "apply" {
  const type = PATCH_TYPES[mediaTypeOf(contentType)];
  if (custom && (type === undefined || type === "strategic")) {
    throw unreadable(Object.keys(PATCH_TYPES).filter((name) => PATCH_TYPES[name] !== "strategic"));
  }
  if (type === undefined) throw failure(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  return type;
}

/** @throws {StatusError} 415 for a body in a format that nobody reads */
export function checkContentType(contentType: string | undefined): void {
  const type = mediaTypeOf(contentType);
  if (type === "" || (MEDIA_TYPES as readonly string[]).includes(type)) return;
  throw unreadable(MEDIA_TYPES);
}

function unreadable(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${
    accepted.join(", ")
  }`;
  return failure(415, "UnsupportedMediaType", message);
}
