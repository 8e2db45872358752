/**
 * GET of one object or of many.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/get.go`, `storage/etcd3/store.go` (GetList), `storage/cacher`.
 */
import { type FieldError, invalid as invalidField } from "../../kinds/field_error.ts";
import type { KubeObject } from "../../kinds/object.ts";
import { StoreError } from "../../store/store.ts";
import { badRequest, expired, failure, notFound, StatusError } from "../status.ts";
import { type Call, type Core, keyOf, keyOfCall, resourceOfCall } from "./call.ts";
import { decodeContinue, encodeContinue } from "./continue_token.ts";
import { exactly, type Selection, selects, selectsAll } from "./selection.ts";

/**
 * The stored object.
 * @param resourceVersion the oldest state that will do; any unless said
 * @throws {StatusError} 404
 */
export function get(core: Core, call: Call, resourceVersion = ""): KubeObject {
  const { store } = core;
  if (resourceVersion !== "") {
    const oldest = parseResourceVersion(resourceVersion);
    if (oldest > store.revision) throw tooLarge(oldest, store.revision);
  }
  const key = keyOfCall(call);
  const entry = computed(core, call)?.find((entry) => entry.key === key) ??
    store.get<KubeObject>(call.served.bucket, key);
  if (entry === undefined) throw notFound(resourceOfCall(call), call.name);
  return entry.object;
}

export interface ListQuery {
  readonly selection: Selection;
  /** How many at most; 0 for all. */
  readonly limit: number;
  /** The token of the page before. */
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
}

export interface List {
  /** Stored objects, ordered by namespace and name. */
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: string;
  /** "" when this is all. */
  readonly continue: string;
  /** How many come after; not known where a selector has to look at each. */
  readonly remainingItemCount: number | undefined;
}

/** @throws {StatusError} */
export function list(core: Core, call: Call, query: ListQuery): List {
  const { store } = core;
  const { kind, bucket } = call.served;
  const { selection } = query;
  const limit = Math.max(0, query.limit);
  const token = query.continue === "" ? undefined : decodeContinue(query.continue);
  if (token !== undefined && query.resourceVersion !== "" && query.resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  const revision = revisionFor(core, query, token?.revision);
  const namespace = call.namespace || (kind.namespaced && exactly(selection, "metadata.namespace")) || "";
  const prefix = namespace === "" ? "" : `${namespace}/`;
  const entries = computed(core, call)?.filter(({ key }) => key.startsWith(prefix)) ??
    (revision === store.revision
      ? store.list<KubeObject>(bucket, prefix)
      : atRevision(core, bucket, prefix, revision, token?.after));

  const all = selectsAll(selection);
  const first = token === undefined ? 0 : entries.findIndex(({ key }) => key > token.after);
  const objects: KubeObject[] = [];
  let next = first < 0 ? entries.length : first;
  for (; next < entries.length && (limit === 0 || objects.length < limit); next++) {
    const { object } = entries[next];
    if (all || selects(selection, kind, object)) objects.push(object);
  }
  const rest = entries.length - next;
  const shown = revision === -1 ? store.revision : revision;
  return {
    objects,
    resourceVersion: String(shown),
    continue: rest > 0 && hasMore() ? encodeContinue({ revision: shown, after: entries[next - 1].key }) : "",
    remainingItemCount: rest > 0 && all ? rest : undefined,
  };

  /** A page that ends with the last match is the last. */
  function hasMore(): boolean {
    return all || entries.slice(next).some(({ object }) => selects(selection, kind, object));
  }
}

/** What is made for each request, in the order of a store; undefined where objects are stored. */
function computed(
  { hooks }: Core,
  { served }: Call,
): { readonly key: string; readonly object: KubeObject }[] | undefined {
  const objects = hooks.get(served.bucket)?.objects?.();
  return objects
    ?.map((object) => ({ key: keyOf(object.metadata.namespace ?? "", object.metadata.name!), object }))
    .sort((a, b) => a.key < b.key ? -1 : 1);
}

/** The revision at which to read. @throws {StatusError} */
function revisionFor({ store }: Core, query: ListQuery, continued: number | undefined): number {
  const { revision: current } = store;
  if (continued !== undefined) return continued === -1 ? current : continued;
  if (query.resourceVersion === "") return current;
  const asked = parseResourceVersion(query.resourceVersion);
  if (asked > current) throw tooLarge(asked, current);
  const exact = query.resourceVersionMatch === "Exact" ||
    query.resourceVersionMatch === "" && query.limit > 0 && asked > 0;
  return exact ? asked : current;
}

function atRevision({ store }: Core, bucket: string, prefix: string, revision: number, after: string | undefined) {
  try {
    return store.listAt<KubeObject>(bucket, prefix, revision);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (after === undefined) {
      throw expired("The resourceVersion for the provided list is too old.");
    }
    const { status } = expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
        "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
        "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
        "deleted between the time the first chunk was returned and now may show up in the list.",
    );
    const token = encodeContinue({ revision: -1, after });
    throw new StatusError({ ...status, metadata: { continue: token } });
  }
}

/** @throws {StatusError} 400 for what is no number */
export function parseResourceVersion(text: string): number {
  if (text === "") return 0;
  if (!/^\d+$/.test(text)) {
    const { field, message } = invalidResourceVersion(text);
    throw badRequest(`invalid resource version: ${field}: ${message}`);
  }
  return Number(text);
}

export function invalidResourceVersion(text: string): FieldError {
  return invalidField("resourceVersion", text, `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export function tooLarge(asked: number, current: number): StatusError {
  return failure(504, "Timeout", `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
