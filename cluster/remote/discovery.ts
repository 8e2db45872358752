/** Which path serves a kind: the server's own discovery documents, asked once a group and version. */
import { ApiError, type KindName, type ObjectQuery, type ObjectRef } from "../cluster.ts";
import type { Connection } from "./connection.ts";

/** How the API names a kind. */
export interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** "v1" → "/api/v1", "apps/v1" → "/apis/apps/v1". */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

export class Discovery {
  readonly #connection: Connection;
  readonly #groups = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The resource that serves a kind, or undefined where the cluster has none. */
  async resource({ apiVersion, kind }: KindName): Promise<ApiResource | undefined> {
    const isIt = (resource: ApiResource) => resource.kind === kind && !resource.name.includes("/");
    const known = (await this.#group(apiVersion)).find(isIt);
    if (known !== undefined) return known;
    // A CRD may have come since.
    this.#groups.delete(apiVersion);
    return (await this.#group(apiVersion)).find(isIt);
  }

  /** The path of one object. @throws {ApiError} no such kind */
  async objectPath(ref: ObjectRef): Promise<string> {
    return `${await this.collectionPath(ref)}/${encodeURIComponent(ref.name)}`;
  }

  /** The path of a kind's objects, in a namespace where one is given. @throws {ApiError} no such kind */
  async collectionPath(query: Pick<ObjectQuery, "apiVersion" | "kind" | "namespace">): Promise<string> {
    const resource = await this.resource(query);
    if (resource === undefined) {
      throw new ApiError(404, "NotFound", `the server has no kind ${query.kind} in ${query.apiVersion}`);
    }
    const namespace = resource.namespaced && query.namespace !== undefined
      ? `/namespaces/${encodeURIComponent(query.namespace)}`
      : "";
    return `${groupPath(query.apiVersion)}${namespace}/${resource.name}`;
  }

  #group(apiVersion: string): Promise<readonly ApiResource[]> {
    let group = this.#groups.get(apiVersion);
    if (group === undefined) {
      group = this.#fetch(apiVersion);
      this.#groups.set(apiVersion, group);
      group.catch(() => this.#groups.delete(apiVersion));
    }
    return group;
  }

  async #fetch(apiVersion: string): Promise<readonly ApiResource[]> {
    try {
      const list = await this.#connection.request("GET", groupPath(apiVersion));
      return (list as { readonly resources?: readonly ApiResource[] }).resources ?? [];
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return [];
      throw error;
    }
  }
}
