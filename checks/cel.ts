/**
 * CEL over objects of the API, as Kubernetes uses it: whole numbers are `int`, optional fields can be asked for with
 * `.?`, and a field that is not there makes the expression not hold instead of ending the check.
 */
import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { RE2JS } from "@bufbuild/re2";

/** One condition of an expression that does not hold. */
export interface UnmetCondition {
  /** The condition's left side, or all of it where it is not a comparison: `object.status.readyReplicas`. */
  readonly expression: string;
  /** For a comparison: what both sides are now. */
  readonly compared?: {
    /** undefined where it is not there. */
    readonly is: unknown;
    /** "== 3" */
    readonly should: string;
  };
}

/** An expression that was read and checked once. */
export interface CelExpression {
  readonly source: string;
  /** The conditions that do not hold for these variables; empty when the expression holds. */
  unmet(variables: Readonly<Record<string, unknown>>): readonly UnmetCondition[];
}

/** An expression that gives a value, not only true or false. */
export interface CelValue {
  readonly source: string;
  /** As JSON; undefined where a field on the way is not there. */
  value(variables: Readonly<Record<string, unknown>>): unknown;
}

/** An expression cannot be read. */
export class CelError extends Error {
  override readonly name = "CelError";
}

/** Expressions are short; these bounds end a runaway one when it is read. */
const LIMITS = { maxAstNodes: 2000, maxDepth: 64 };

const COMPARISONS = new Set<string>(["==", "!=", "<", "<=", ">", ">=", "in"]);

/**
 * Reads an expression over `variables` that must give true or false.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const ready = celExpression("object.status.readyReplicas == object.spec.replicas", ["object"]);
 * assert.deepEqual(ready.unmet({ object: { spec: { replicas: 3 }, status: { readyReplicas: 2 } } }), [
 *   { expression: "object.status.readyReplicas", compared: { is: 2, should: "== 3" } },
 * ]);
 * ```
 *
 * @throws {CelError} with one line that says what is wrong
 */
export function celExpression(source: string, variables: readonly string[]): CelExpression {
  const { environment, type, value } = reader(source, variables);
  if (type !== "bool" && type !== "dyn") throw new CelError(`gives a ${type}, not true or false`);
  return {
    source,
    unmet(given) {
      const context = asCel(given) as Record<string, unknown>;
      if (value(source, context) === true) return [];
      return conditions(environment.parse(source).ast)
        .map((node) => ({ node, text: textOf(node) }))
        .filter(({ text }) => value(text, context) !== true)
        .map(({ node, text }) => {
          if (!COMPARISONS.has(node.op)) return { expression: text };
          const [left, right] = (node.args as [ASTNode, ASTNode]).map(textOf);
          const should = fromCel(value(right, context));
          return {
            expression: left,
            compared: {
              is: fromCel(value(left, context)),
              should: `${node.op} ${should === undefined ? right : JSON.stringify(should)}`,
            },
          };
        });
    },
  };
}

/**
 * Reads an expression over `variables` whose value is asked for.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const names = celValue("objects.map(one, one.metadata.name)", ["objects"]);
 * assert.deepEqual(names.value({ objects: [{ metadata: { name: "web" } }] }), ["web"]);
 * ```
 *
 * @throws {CelError} with one line that says what is wrong
 */
export function celValue(source: string, variables: readonly string[]): CelValue {
  const { value } = reader(source, variables);
  return { source, value: (given) => fromCel(value(source, asCel(given) as Record<string, unknown>)) };
}

/** What evaluates an expression and its parts. */
function reader(source: string, variables: readonly string[]) {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: LIMITS,
  });
  for (const name of variables) environment.registerVariable(name, "dyn");
  environment.registerFunction(
    `string.${SAFE_MATCHES}(string): bool`,
    (text: string, pattern: string) => new RE2JS(pattern).test(text),
  );
  const parse = (text: string) => {
    try {
      return environment.parse(withSafeMatches(environment.parse(text).ast));
    } catch (error) {
      throw new CelError((error as Error).message.split("\n")[0]);
    }
  };
  const checked = parse(source).check();
  if (!checked.valid) throw new CelError(checked.error!.message.split("\n")[0]);
  const value = (text: string, context: Record<string, unknown>): unknown => {
    try {
      return parse(text)(context);
    } catch {
      return undefined; // A field on the way is not there.
    }
  };
  return { environment, type: checked.type, value };
}

/** The parts that `&&` joins. */
function conditions(node: ASTNode): readonly ASTNode[] {
  return node.op === "&&" ? (node.args as [ASTNode, ASTNode]).flatMap(conditions) : [node];
}

const textOf = (node: ASTNode): string => node.input.slice(node.range.start, node.range.end);

/** What `matches` is called inside: the library's own runs on the host's regular expressions, which may take for ever. */
const SAFE_MATCHES = "matchesInLinearTime";

/** The expression's text with every call of `matches` going to RE2. */
function withSafeMatches(root: ASTNode): string {
  const starts: number[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      if (value.op === "rcall" && value.args[0] === "matches") {
        starts.push(value.input.indexOf("matches", value.args[1].range.end));
      }
      visit(value.args);
    }
  };
  visit(root);
  return starts.sort((a, b) => b - a).reduce(
    (text, start) => text.slice(0, start) + SAFE_MATCHES + text.slice(start + "matches".length),
    root.input,
  );
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

/** JSON as CEL values: the API has whole numbers nearly everywhere, and CEL tells 3 from 3.0. */
function asCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(asCel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asCel(item)]));
}

/** CEL values as JSON, for showing them. */
function fromCel(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return typeof value === "object" && value !== null ? String(value) : value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item)]));
}
