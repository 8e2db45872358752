/** The verbs of {@linkcode ObjectClient} over a connection. */
import {
  ApiError,
  type ApiObject,
  type KindName,
  type ObjectClient,
  type ObjectQuery,
  type ObjectRef,
  type Patch,
} from "../cluster.ts";
import type { Connection } from "./connection.ts";
import { Discovery } from "./discovery.ts";

/** The name under which Drydock's writes stand in managedFields. */
const FIELD_MANAGER = "drydock";

const CONTENT_TYPES: Readonly<Record<Patch["type"] | "apply", string>> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

/** @param exec how commands in containers are run: a connection carries no streams to them */
export function objectClient(connection: Connection, exec: ObjectClient["exec"]): ObjectClient {
  const discovery = new Discovery(connection);

  return {
    get: (ref) => unlessMissing(async () => await connection.request("GET", await discovery.objectPath(ref))),

    async list(query: ObjectQuery) {
      const path = await discovery.collectionPath(query);
      const { labelSelector, fieldSelector } = query;
      const parameters = new URLSearchParams({
        ...labelSelector === undefined ? {} : { labelSelector },
        ...fieldSelector === undefined ? {} : { fieldSelector },
      });
      const list = await connection.request("GET", parameters.size === 0 ? path : `${path}?${parameters}`);
      // The items of a list do not repeat what kind they are.
      const { apiVersion, kind } = query;
      return (list as { readonly items: readonly ApiObject[] }).items.map((item) => ({ ...item, apiVersion, kind }));
    },

    async create(object) {
      const path = await discovery.collectionPath(queryOf(object));
      return await connection.request("POST", `${path}?fieldManager=${FIELD_MANAGER}&fieldValidation=Strict`, {
        body: object,
      }) as ApiObject;
    },

    async apply(object) {
      if (await this.get(refOf(object)) === undefined) return await this.create(object);
      const path = await discovery.objectPath(refOf(object));
      const parameters = `fieldManager=${FIELD_MANAGER}&fieldValidation=Strict&force=true`;
      return await connection.request("PATCH", `${path}?${parameters}`, {
        body: object,
        contentType: CONTENT_TYPES.apply,
      }) as ApiObject;
    },

    async patch(ref: ObjectRef, { type, body }: Patch, { subresource } = {}) {
      const path = [await discovery.objectPath(ref), ...subresource === undefined ? [] : [subresource]].join("/");
      return await connection.request("PATCH", `${path}?fieldManager=${FIELD_MANAGER}&fieldValidation=Strict`, {
        body,
        contentType: CONTENT_TYPES[type],
      }) as ApiObject;
    },

    async delete(ref, options = {}) {
      const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background", ...options };
      const path = () => discovery.objectPath(ref);
      return await unlessMissing(async () => (await connection.request("DELETE", await path(), { body }), true)) ??
        false;
    },

    async namespaced(kind: KindName) {
      return (await discovery.resource(kind))?.namespaced;
    },

    exec,

    async watch(query, onChange, signal) {
      const parameters = new URLSearchParams({
        watch: "true",
        ...query.labelSelector === undefined ? {} : { labelSelector: query.labelSelector },
        ...query.fieldSelector === undefined ? {} : { fieldSelector: query.fieldSelector },
      });
      await connection.stream(`${await discovery.collectionPath(query)}?${parameters}`, onChange, signal);
    },

    async logs({ namespace, name, container }, { previous = false } = {}) {
      const parameters = new URLSearchParams({
        ...container === undefined ? {} : { container },
        ...previous ? { previous: "true" } : {},
      });
      return await connection.text(`/api/v1/namespaces/${namespace}/pods/${name}/log?${parameters}`);
    },
  };
}

/** What a manifest's object is called. */
export function refOf({ apiVersion, kind, metadata: { name, namespace } }: ApiObject): ObjectRef {
  return { apiVersion, kind, name, ...namespace === undefined ? {} : { namespace } };
}

function queryOf({ apiVersion, kind, metadata: { namespace } }: ApiObject): ObjectQuery {
  return { apiVersion, kind, ...namespace === undefined ? {} : { namespace } };
}

async function unlessMissing<T>(action: () => Promise<unknown>): Promise<T | undefined> {
  try {
    return await action() as T;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}
