/** The parameters of requests. */
import { facts } from "./descriptions.ts";
import type { Schema } from "./schemas.ts";

const WRITE = ["dryRun", "fieldManager", "fieldValidation"];
const DELETE = [
  "dryRun",
  "gracePeriodSeconds",
  "ignoreStoreReadErrorWithClusterBreakingPotential",
  "orphanDependents",
  "propagationPolicy",
];
const SELECT = [
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "shardSelector",
  "timeoutSeconds",
];
const LIST = [...SELECT, "allowWatchBookmarks", "watch"];

const BY_ACTION: Readonly<Record<string, readonly string[]>> = {
  get: [],
  list: LIST,
  watch: LIST,
  watchlist: LIST,
  post: WRITE,
  put: WRITE,
  patch: ["dryRun", "patch.fieldManager", "fieldValidation", "force"],
  delete: DELETE,
  deletecollection: [...DELETE, ...SELECT],
};

/** One parameter. @param key in facts.json: "dryRun", "PodExecOptions.stdin" */
function query(key: string): Schema {
  return { name: key.split(".").pop()!, in: "query", schema: { type: facts.parameters[key], uniqueItems: true } };
}

function inPath(name: string, description?: string): Schema {
  return {
    name,
    in: "path",
    ...description === undefined ? {} : { description },
    required: true,
    schema: { type: "string", uniqueItems: true },
  };
}

export interface ParameterOptions {
  readonly namespaced: boolean;
  /** The kind whose name is in the path. */
  readonly named?: string;
  /** The kind of the options that a connection or a log takes. */
  readonly options?: string;
  /** The path goes on beyond the resource: `proxy/{path}`. */
  readonly withPath?: boolean;
}

/** All parameters of an operation, by name. */
export function parametersOf(action: string, { namespaced, named, options, withPath }: ParameterOptions): Schema[] {
  const parameters = (BY_ACTION[action] ?? []).map(query);
  if (options !== undefined) parameters.push(...facts.options[options].map((name) => query(`${options}.${name}`)));
  if (action !== "connect") parameters.push(query("pretty"));
  if (named !== undefined) parameters.push(inPath("name", `name of the ${named}`));
  if (namespaced) parameters.push(inPath("namespace"));
  if (withPath) parameters.push(inPath("path"));
  return parameters.sort(byName);
}

/** By name, a path's own before a query's. */
function byName(a: Schema, b: Schema): number {
  const key = (parameter: Schema) => `${parameter.name} ${parameter.in}`;
  return key(a) < key(b) ? -1 : 1;
}
