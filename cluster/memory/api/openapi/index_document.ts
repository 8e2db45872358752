/** The index of OpenAPI documents, and their addresses. */
import { createHash } from "node:crypto";
import { apiVersionOf, type Kind } from "../../kinds/kind.ts";
import { groupsOf } from "../discovery/groups.ts";
import { isCustom, subresourcesOf, verbsOf } from "../discovery/resources.ts";
import { versionDocument as version } from "../discovery/version.ts";
import { hasClientDescriptions } from "./client_descriptions.ts";
import { type CustomSchema, groupDocument, rootDocument, singleDocuments, versionDocument } from "./document.ts";
import { encodeGnostic, GNOSTIC } from "./gnostic.ts";
import { v2Document } from "./v2_document.ts";

/** What to send: 200 with the document, or 301 to the address with the hash of today. */
export interface OpenApiAnswer {
  readonly status: 200 | 301;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, "" for a redirection. */
  readonly body: string;
}

/** A v2 document, in JSON or in protobuf. */
export interface OpenApiV2Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface OpenApi {
  /** @param hash the query parameter: with it, clients keep the answer for a year */
  at(path: string, hash?: string): OpenApiAnswer | undefined;
  /** `/openapi/v2`, which kubectl up to 1.27 wants. @param accept the request's header; JSON when it asks for nothing */
  v2(accept: string): OpenApiV2Answer;
}

export interface OpenApiOptions {
  readonly customSchema?: CustomSchema;
  /** Milliseconds since the epoch, for the date until which documents are kept; no such date unless said. */
  readonly now?: () => number;
}

interface Entry {
  readonly hash: string;
  make(): object;
}

const YEAR = 365 * 24 * 60 * 60 * 1000;
const sha512 = (text: string) => createHash("sha512").update(text).digest("hex").toUpperCase();

/** Encoded documents by hash: what did not change is not made again when some kind comes or goes. */
const encoded = new Map<string, string>();
/** More documents than these are of clusters that are gone. */
const MOST_DOCUMENTS = 100;

/** The documents of a list of kinds. */
export function openApi(kinds: readonly Kind[], { customSchema = () => undefined, now }: OpenApiOptions = {}): OpenApi {
  let entries: ReadonlyMap<string, Entry> | undefined;
  let index: string | undefined;
  const v2 = new Map<boolean, OpenApiV2Answer>();

  return {
    at(path, hash): OpenApiAnswer | undefined {
      const name = /^\/openapi\/v3(?:\/(.*?))?\/?$/.exec(path);
      if (name === null) return undefined;
      entries ??= entriesOf(kinds, customSchema);
      if (name[1] === undefined) {
        index ??= indexOf(entries);
        return { status: 200, headers: { ...JSON_HEADERS, etag: `"${sha512(index)}"` }, body: index };
      }
      const entry = entries.get(name[1]);
      if (entry === undefined) return undefined;
      if (hash !== undefined && hash !== entry.hash) {
        return { status: 301, headers: { location: `/openapi/v3/${name[1]}?hash=${entry.hash}` }, body: "" };
      }
      return { status: 200, headers: { ...JSON_HEADERS, ...caching(entry, hash) }, body: bodyOf(entry) };
    },
    v2(accept) {
      const inProtobuf = accept.includes("proto-openapi.spec.v2");
      let answer = v2.get(inProtobuf);
      if (answer === undefined) {
        entries ??= entriesOf(kinds, customSchema);
        const document = v2Document([...entries.values()].map((entry) => JSON.parse(bodyOf(entry))));
        const body = inProtobuf ? encodeGnostic(document) : JSON.stringify(document);
        const etag = `"${sha512([...entries.values()].map(({ hash }) => hash).join())}"`;
        const headers = { ...JSON_HEADERS, etag, ...inProtobuf ? { "content-type": GNOSTIC } : {} };
        v2.set(inProtobuf, answer = { headers, body });
      }
      return answer;
    },
  };

  function caching({ hash }: Entry, asked: string | undefined): Record<string, string> {
    if (asked === undefined) return { etag: `"${hash}"` };
    const expires = now && new Date(now() + YEAR).toUTCString();
    return { etag: `"${hash}"`, "cache-control": "public, immutable", ...expires ? { expires } : {} };
  }
}

const JSON_HEADERS = { "content-type": "application/json", vary: "Accept" };

function bodyOf(entry: Entry): string {
  let body = encoded.get(entry.hash);
  if (body === undefined) {
    if (encoded.size >= MOST_DOCUMENTS) encoded.clear();
    encoded.set(entry.hash, body = JSON.stringify(entry.make()));
  }
  return body;
}

function indexOf(entries: ReadonlyMap<string, Entry>): string {
  const paths = [...entries].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { hash }]) => [
    name,
    { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` },
  ]);
  return JSON.stringify({ paths: Object.fromEntries(paths) });
}

function entriesOf(kinds: readonly Kind[], customSchema: CustomSchema): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  // A document follows from these, so that its address is known before the document is.
  const add = (name: string, make: () => object, facts: unknown) =>
    entries.set(name, { hash: sha512(JSON.stringify([version, hasClientDescriptions(), name, facts])), make });
  add("api", () => rootDocument("api"), null);
  add("apis", () => rootDocument("apis"), null);
  for (const [name, make] of Object.entries(singleDocuments)) add(name, make, null);
  for (const { name: group, versions } of groupsOf(kinds)) {
    if (group !== "") add(`apis/${group}`, () => groupDocument(group), null);
    for (const { version, kinds: members } of versions) {
      const name = `${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
      add(
        name,
        () => versionDocument(members, group, version, customSchema),
        members.map((kind) => factsOf(kind, group, version, customSchema)),
      );
    }
  }
  return entries;
}

function factsOf(kind: Kind, group: string, version: string, customSchema: CustomSchema): unknown {
  return [
    kind.kind,
    kind.plural,
    kind.namespaced,
    verbsOf(kind),
    subresourcesOf(kind, group, version),
    isCustom(kind) ? customSchema(kind, version) : null,
  ];
}
