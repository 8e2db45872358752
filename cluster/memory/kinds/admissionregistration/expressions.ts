/**
 * The CEL expressions of policies and webhooks: whether they compile, and to what they come.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/cel/compile.go`.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { newEnvironment } from "../cel/environment.ts";
import { compile, CompileError } from "../cel/program.ts";

export interface Surroundings {
  /** The policy takes parameters. */
  readonly params: boolean;
  /** Expressions may ask who may do what; messages may not. */
  readonly authorizer: boolean;
  /** The policy defines variables for its expressions. */
  readonly variables: boolean;
}

/** What expressions may name beside the objects. */
const namesAround = ({ params, authorizer, variables }: Surroundings): readonly string[] => [
  "namespaceObject",
  "request",
  ...params ? ["params"] : [],
  ...authorizer ? ["authorizer"] : [],
  ...variables ? ["variables"] : [],
];

/**
 * What the expressions of policies and webhooks may name.
 *
 * @param object the type of the objects, which `environment` knows
 */
export function environmentOf(around: Surroundings, object = "dyn", environment = newEnvironment()): Environment {
  environment.registerVariable("object", object).registerVariable("oldObject", object);
  return namesAround(around).reduce((environment, name) => environment.registerVariable(name, "dyn"), environment);
}

/**
 * Names that have a type where Kubernetes compiles, and none here: what comes from them may be of any. Objects and
 * parameters have none there either, and what is read from them is not of the type that an expression must have.
 */
const TYPED = /\b(request|namespaceObject|authorizer|variables)\b/;

/**
 * What is wrong with an expression, undefined when nothing is.
 *
 * @param types what the expression may come to ("bool"); anything unless said
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadCel } from "../cel/engine.ts";
 * import { expressionError } from "./expressions.ts";
 *
 * await loadCel();
 * const surroundings = { params: false, authorizer: true, variables: false };
 * assert.equal(expressionError("object.spec.replicas <= 5", surroundings, ["bool"]), undefined);
 * assert.equal(expressionError("'five'", surroundings, ["bool"]), "must evaluate to bool but got string");
 * assert.equal(expressionError("object.spec.hostPID", surroundings, ["bool"]), "must evaluate to bool but got dyn");
 * ```
 */
export function expressionError(
  source: string,
  around: Surroundings,
  types: readonly string[] = [],
): string | undefined {
  try {
    const { type } = compile(environmentOf(around), source);
    if (types.length === 0 || types.includes(type) || type === "dyn" && TYPED.test(source)) return undefined;
    return types.length === 1
      ? `must evaluate to ${types[0]} but got ${type}`
      : `must evaluate to one of [${types.join(" ")}] but got ${type}`;
  } catch (error) {
    if (error instanceof CompileError) return `compilation failed: ${error.message}`;
    throw error;
  }
}
