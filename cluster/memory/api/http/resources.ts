/**
 * Requests for resources: path and query to a call of the registry, its result to an answer.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers` and `installer.go`, which says what each resource serves.
 */
import { apiVersionOf, type Verb } from "../../kinds/kind.ts";
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import { shapeOf, type StructShape } from "../../kinds/schema/shape.ts";
import type { DeleteOptions } from "../../kinds/schema/types.ts";
import { authorize } from "../authorize.ts";
import { decode, type DecodeOptions, decodeValue, type GroupVersionKind } from "../decode/mod.ts";
import { managerName } from "../managed_fields/mod.ts";
import { applyChange } from "../registry/apply.ts";
import type { Call, Core } from "../registry/call.ts";
import { create } from "../registry/create.ts";
import { remove } from "../registry/delete.ts";
import { removeCollection } from "../registry/delete_collection.ts";
import { get, list, type ListQuery } from "../registry/get.ts";
import { setNamespace } from "../registry/metadata.ts";
import { patchChange, PatchedObjectError } from "../registry/patch.ts";
import { parseSelection } from "../registry/selection.ts";
import { inVersion, type Served } from "../registry/served.ts";
import { handlerOf, type SubresourceHandler } from "../registry/subresource.ts";
import { fillUnset } from "../registry/unset_fields.ts";
import { type Change, update } from "../registry/update.ts";
import { badRequest, failure, StatusError } from "../status.ts";
import type { User } from "../user.ts";
import type { ApiRequest, ApiResponse } from "./message.ts";
import { checkContentType, mediaTypeOf, negotiate, patchTypeOf } from "./negotiation.ts";
import { deleteOptions, type ListOptions, listOptions, writeQuery } from "./options.ts";
import { parsePatch, readApply } from "./patch_body.ts";
import { type Representation, representList, representObject } from "./represent.ts";
import type { ResourceInfo } from "./request_info.ts";
import { watchResponse } from "./watch_stream.ts";

export interface Exchange {
  readonly request: ApiRequest;
  readonly info: ResourceInfo;
  readonly user: User;
  readonly warn: (message: string) => void;
}

const ALL_VERBS: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** The verbs of paths that name an object; the others are of collections. */
const OF_ONE: readonly string[] = ["get", "update", "patch", "delete"];

/** What go-restful answers with when a version of a group is served, and the path in it is not. */
export const notServed = () => failure(404, "NotFound", "the server could not find the requested resource", {});

const notAllowed = () =>
  failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});

/** @throws {StatusError} */
export async function serveResource(core: Core, exchange: Exchange): Promise<ApiResponse> {
  const { request, info } = exchange;
  const served = core.kinds.find(info.group, info.version, info.resource);
  if (served === undefined) throw notServed();
  const { namespaced } = served.kind;
  const everywhere = info.namespace === "" || info.resource === "namespaces";
  if (namespaced ? info.named && everywhere : !everywhere) throw notServed();
  // Objects of all namespaces can only be looked at.
  if (namespaced && everywhere && info.verb !== "list" && info.verb !== "watch") throw notAllowed();
  // Resources have no HEAD.
  if (request.method === "HEAD") throw notAllowed();
  // What can only be created has no paths of single objects.
  if (info.named && served.kind.verbs?.every((verb) => verb === "create")) throw notServed();
  if (served.deprecation !== undefined) exchange.warn(served.deprecation);
  const { query, headers } = request;
  const accepted = negotiate(headers.accept, query, headers["user-agent"], info.verb);
  const representation: Representation = { accepted, query, now: core.clock.now() };
  const serving = new Serving(core, exchange, served, representation);
  if (info.subresource !== "") return await serving.subresource();
  const verbs = served.kind.verbs ?? ALL_VERBS;
  if (info.watchPath) {
    if (!verbs.includes("watch")) throw notServed();
    return serving.watch(listOptions(watchQuery(info, query), true));
  }
  if (!verbs.includes(info.verb as Verb) || info.named !== OF_ONE.includes(info.verb)) throw notAllowed();
  return await serving.object(info.verb as Verb);
}

/** A path to watch one object is a field selector. */
function watchQuery({ name }: ResourceInfo, query: URLSearchParams): URLSearchParams {
  if (name === "") return query;
  const selecting = new URLSearchParams(query);
  selecting.set("fieldSelector", `metadata.name=${name}`);
  return selecting;
}

/** One request for one resource. */
class Serving {
  constructor(
    readonly core: Core,
    readonly exchange: Exchange,
    readonly served: Served,
    readonly representation: Representation,
  ) {}

  async object(verb: Verb): Promise<ApiResponse> {
    switch (verb) {
      case "get":
        return this.#found(200, get(this.core, this.#call(), this.exchange.request.query.get("resourceVersion") ?? ""));
      case "list":
      case "watch": {
        const options = listOptions(this.exchange.request.query);
        if (options.watch) return this.watch(options);
        return await representList(
          this.served,
          list(this.core, this.#call(), this.#listQuery(options)),
          this.representation,
        );
      }
      case "create":
        return await this.#create();
      case "update":
        return await this.#update();
      case "patch":
        return await this.#patch();
      case "delete":
        return await this.#delete();
      case "deletecollection": {
        const query = this.#listQuery(listOptions(this.exchange.request.query));
        const options = await this.#deleteOptions();
        const deleted = await removeCollection(this.core, this.#call(dryRunOf(options)), query, options);
        return await representList(this.served, deleted, this.representation);
      }
    }
  }

  watch(options: ListOptions): ApiResponse {
    const { accepted, query } = this.representation;
    return watchResponse(this.core, this.#call(), options, accepted, query);
  }

  async subresource(): Promise<ApiResponse> {
    const { info } = this.exchange;
    const call = this.#call();
    const handler = handlerOf(this.core, call);
    if (handler !== undefined && (info.subresource !== "scale" || this.served.kind.scale !== undefined)) {
      return await this.#handled(handler, call);
    }
    const own = info.subresource === "status" && this.served.kind.status !== undefined;
    if (!own && !this.core.updates.has(`${this.served.bucket}/${info.subresource}`)) throw notServed();
    const verbs = own ? undefined : this.served.kind.subresources?.find(({ name }) => name === info.subresource)?.verbs;
    if (verbs !== undefined && !verbs.includes(info.verb)) throw notAllowed();
    if (info.verb === "get") return this.#found(200, get(this.core, call));
    if (info.verb === "update") return await this.#update();
    if (info.verb === "patch") return await this.#patch();
    throw notAllowed();
  }

  /** A subresource that speaks a type of its own. */
  async #handled(handler: SubresourceHandler, call: Call): Promise<ApiResponse> {
    const { info, request } = this.exchange;
    const { type } = handler;
    const of = (object: unknown) => ({ ...object as KubeObject });
    const served = { ...this.served, shape: type.shape, conversion: undefined };
    if (info.verb === "get" && handler.get !== undefined) {
      return await representObject(200, served, of(await handler.get(this.core, call)), this.representation);
    }
    if (info.verb === "create" && handler.create !== undefined) {
      const write = writeQuery(request.query, "CreateOptions");
      const writing = this.#writing(write);
      const body = await this.#decode(type, type.shape, write.fieldValidation);
      fillUnset(body, type.shape);
      const result = of(await handler.create(this.core, writing, body as KubeObject));
      return await representObject(201, served, withCode(result, 201), this.representation);
    }
    if (info.verb === "update" && handler.update !== undefined) {
      const write = writeQuery(request.query, "UpdateOptions");
      const body = await this.#decode(type, type.shape, write.fieldValidation) as KubeObject;
      const change: Change = { make: () => draft(body) };
      const result = await handler.update(this.core, this.#writing(write), change);
      return await representObject(200, served, of(result), this.representation);
    }
    if (info.verb === "patch" && handler.update !== undefined) {
      const { change, writing } = await this.#patchChange(type, type.shape);
      return await representObject(
        200,
        served,
        of(await handler.update(this.core, writing, change)),
        this.representation,
      );
    }
    throw notAllowed();
  }

  async #create(): Promise<ApiResponse> {
    const { request } = this.exchange;
    const { served } = this;
    const write = writeQuery(request.query, "CreateOptions");
    const body = await this.#decode(this.#gvk(), served.shape, write.fieldValidation);
    const call = { ...this.#writing(write), name: body.metadata.name ?? "" };
    return this.#found(201, withCode(await create(this.core, call, body), 201));
  }

  async #update(): Promise<ApiResponse> {
    const { request, info } = this.exchange;
    const write = writeQuery(request.query, "UpdateOptions");
    const body = await this.#decode(this.#gvk(), this.served.shape, write.fieldValidation);
    setNamespace(body.metadata, this.served.kind.namespaced ? info.namespace : "");
    checkName(body, info.name);
    return await this.#updated(this.#writing(write), { make: () => draft(body) });
  }

  async #patch(): Promise<ApiResponse> {
    const { change, writing } = await this.#patchChange(this.#gvk(), this.served.shape);
    return await this.#updated(writing, change);
  }

  async #updated(call: Call, change: Change): Promise<ApiResponse> {
    const mayCreate = () => this.#authorizeCreate();
    const { object, created } = await update(this.core, call, { ...change, mayCreate });
    return this.#found(created ? 201 : 200, object);
  }

  async #patchChange(expected: GroupVersionKind, shape: StructShape) {
    const { request } = this.exchange;
    const contentType = request.headers["content-type"];
    const type = patchTypeOf(contentType, shape.name === "");
    const bytes = await request.body();
    const write = writeQuery(request.query, "PatchOptions", type === "apply");
    const writing = this.#writing(write);
    const reading = { expected, shape, fieldValidation: write.fieldValidation };
    const speaking: Call = { ...writing, served: this.#speaking(expected, shape) };
    if (type === "apply") {
      const config = readApply(bytes, write.fieldValidation, this.exchange.warn);
      const change = applyChange(this.core, speaking, {
        config,
        force: write.force,
        decode: (object) => this.#read(object, { ...reading, fieldValidation: "Ignore" }),
      });
      return { writing, change: this.#named(change) };
    }
    const { body, strictErrors: repeated } = parsePatch(bytes, type);
    const change = patchChange(speaking, {
      type,
      body,
      decode: (object, strictErrors) => this.#patched(object, [...repeated, ...strictErrors], reading),
    });
    return { writing, change: this.#named(change) };
  }

  /** A patch may not give its object another name. */
  #named(change: Change): Change {
    const { info } = this.exchange;
    return {
      ...change,
      make: async (current) => {
        const object = await change.make(current);
        checkName(object, info.name);
        return object;
      },
    };
  }

  /** What bodies are: the kind, or what the subresource speaks. */
  #speaking({ group, version, kind }: GroupVersionKind, shape: StructShape): Served {
    if (shape === this.served.shape) return this.served;
    const apiVersion = apiVersionOf({ group, version });
    return {
      ...this.served,
      group,
      version,
      apiVersion,
      shape,
      conversion: undefined,
      kind: { ...this.served.kind, kind },
    };
  }

  /** What a patch has made of an object, read as strictly as a body. */
  #patched(object: unknown, strictErrors: readonly string[], reading: DecodeOptions): Draft<KubeObject> {
    if (strictErrors.length > 0 && reading.fieldValidation === "Strict") {
      throw new PatchedObjectError(`strict decoding error: ${strictErrors.join(", ")}`);
    }
    if (reading.fieldValidation === "Warn") { for (const error of strictErrors) this.exchange.warn(error); }
    try {
      return this.#read(object, reading);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const prefix = /cannot be handled as a [^:]*: (.*)$/s.exec(error.message);
      if (prefix === null) throw error;
      throw new PatchedObjectError(prefix[1]);
    }
  }

  #read(object: unknown, options: DecodeOptions): Draft<KubeObject> {
    const decoded = decodeValue<Draft<KubeObject>>(object, options);
    for (const warning of decoded.warnings) this.exchange.warn(warning);
    return withMetadata(decoded.object);
  }

  async #delete(): Promise<ApiResponse> {
    const options = await this.#deleteOptions();
    const { result } = await remove(this.core, this.#call(dryRunOf(options)), options);
    return this.#found(200, result as KubeObject);
  }

  async #deleteOptions(): Promise<DeleteOptions> {
    const { request } = this.exchange;
    const bytes = await request.body();
    if (bytes.length === 0) return deleteOptions(undefined, request.query);
    const contentType = request.headers["content-type"];
    checkContentType(contentType);
    const expected = { group: "meta.k8s.io", version: "v1", kind: "DeleteOptions" };
    const { object } = decode<DeleteOptions>(bytes, {
      contentType,
      expected,
      shape: shapeOf("meta.v1.DeleteOptions"),
      fieldValidation: "Ignore",
      accepts: () => true,
    });
    return deleteOptions(object, request.query);
  }

  async #decode(expected: GroupVersionKind, shape: StructShape, fieldValidation: DecodeOptions["fieldValidation"]) {
    const { request, warn } = this.exchange;
    const contentType = request.headers["content-type"];
    checkContentType(contentType);
    const body = await request.body();
    const decoded = decode<Draft<KubeObject>>(body, {
      contentType: mediaTypeOf(contentType) || undefined,
      expected,
      shape,
      fieldValidation,
    });
    for (const warning of decoded.warnings) warn(warning);
    return withMetadata(decoded.object);
  }

  #gvk(): GroupVersionKind {
    const { group, version, kind } = this.served;
    return { group, version, kind: kind.kind };
  }

  #call(
    { dryRun = false, options = {} }: { dryRun?: boolean; options?: Readonly<Record<string, unknown>> } = {},
  ): Call {
    const { info, user, warn, request } = this.exchange;
    const manager = managerName(request.query.get("fieldManager") ?? undefined, request.headers["user-agent"]);
    const { name, subresource } = info;
    const namespace = this.served.kind.namespaced ? info.namespace : "";
    return { served: this.served, namespace, name, subresource, user, manager, dryRun, options, warn };
  }

  #writing(write: { readonly dryRun: boolean; readonly options: Readonly<Record<string, unknown>> }): Call {
    return this.#call(write);
  }

  #authorizeCreate(): void {
    const { info, user } = this.exchange;
    const { group, resource, subresource, namespace, name } = info;
    authorize(this.core.authorizer, user, { verb: "create", group, resource, subresource, namespace, name });
  }

  #listQuery(options: ListOptions): ListQuery {
    const selection = parseSelection(this.served, options.labelSelector, options.fieldSelector);
    return { ...options, selection };
  }

  #found(status: number, object: KubeObject): Promise<ApiResponse> {
    const shown = object.kind === "Status" ? object : inVersion(this.served, object);
    return representObject(status, this.served, shown, this.representation);
  }
}

function dryRunOf(options: DeleteOptions) {
  return {
    dryRun: (options.dryRun ?? []).length > 0,
    options: { ...options, kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1" },
  };
}

/** @throws {StatusError} 400 */
function checkName({ metadata }: Draft<KubeObject>, expected: string): void {
  const { name = "" } = metadata;
  if (name === expected) return;
  throw badRequest(
    name === ""
      ? `the name of the object (${expected} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${name}) does not match the name on the URL (${expected})`,
  );
}

const withMetadata = (object: Draft<KubeObject>): Draft<KubeObject> => {
  object.metadata ??= {};
  return object;
};

/** A Status that says nothing of its code has that of the answer. */
function withCode(object: KubeObject, code: number): KubeObject {
  return object.kind === "Status" && !("code" in object) ? { ...object, code } as KubeObject : object;
}
