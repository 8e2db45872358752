/** A compiled CEL expression: checked once, evaluated often, never for longer than its budget. */
import type { Environment } from "@marcbachmann/cel-js";
import { presenceMacro } from "./presence.ts";
import { CompileError, compileError, CostExceeded, evaluationFailure, located } from "./cel_error.ts";

/** How many steps of comprehensions an evaluation may take; shared by evaluations that belong together. */
export interface Budget {
  steps: number;
}

/** What one evaluation may take, and all rules of one object together. */
export const CALL_BUDGET = 1_000_000;
export const OBJECT_BUDGET = 10_000_000;

export interface Program {
  /** The type of the result, "bool", "list<string>", "dyn". */
  readonly type: string;
  /** The names that the expression takes from outside. */
  readonly variables: ReadonlySet<string>;
  /** @throws {EvaluationFailure} */
  evaluate(variables: Readonly<Record<string, unknown>>, budget?: Budget): unknown;
}

/** Nodes of the library's tree, as far as they are looked into. */
interface Node {
  op: string;
  args: unknown;
  readonly meta: { alternate?: Node; macro?: unknown };
  /** Runs a comprehension over its items. */
  handle?(items: unknown, ...rest: unknown[]): unknown;
}

/**
 * @param types what the expression must come to, "bool"; a result whose type is not known passes
 * @throws {CompileError}
 */
export function compile(environment: Environment, source: string): Program {
  const known = (name: string) => environment.getDefinitions().functions.some((definition) => definition.name === name);
  let parsed: ReturnType<Environment["parse"]>;
  try {
    parsed = environment.parse(source);
  } catch (error) {
    throw compileError(error, source, known);
  }
  const root = parsed.ast as unknown as Node;
  const variables = new Set<string>();
  visit(root, (node) => {
    if (node.op === "id") variables.add(node.args as string);
    const call = node.args as unknown[];
    // The library would run a pattern on JavaScript's engine, where one can take for ever.
    if (node.op === "rcall" && call[0] === "matches") call[0] = "matches_re2";
    if (node.op === "call" && call[0] === "has") node.meta.macro = presenceMacro((call[1] as [never])[0]);
  });
  const checked = parsed.check();
  if (!checked.valid) throw compileError(checked.error, source, known);
  const spent: { budget: Budget } = { budget: { steps: CALL_BUDGET } };
  visit(root, (node) => {
    if (node.op === "comprehension") countItems(node, spent);
  });
  return {
    type: checked.type ?? "dyn",
    variables,
    evaluate(context, budget = { steps: CALL_BUDGET }) {
      const outer = spent.budget;
      spent.budget = budget;
      try {
        const result = parsed(context);
        // An `all` or `exists` goes on after an error, and may find its answer in another item.
        if (budget.steps < 0) throw new CostExceeded();
        return result;
      } catch (error) {
        throw budget.steps < 0 ? new CostExceeded() : evaluationFailure(error);
      } finally {
        spent.budget = outer;
      }
    },
  };
}

/** @throws {CompileError} when the expression comes to something else than `type` */
export function requireType(program: Program, type: string, message: string): Program {
  if (program.type !== type && program.type !== "dyn") throw new CompileError(message);
  return program;
}

export { CompileError, located };

/** Takes the items that a comprehension will go through from the budget, before it does. */
function countItems(node: Node, spent: { readonly budget: Budget }): void {
  const { handle } = node;
  node.handle = (items, ...rest) => {
    spent.budget.steps -= Array.isArray(items) ? items.length : 1;
    if (spent.budget.steps < 0) throw new CostExceeded();
    return handle!(items, ...rest);
  };
}

function visit(value: unknown, see: (node: Node) => void, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see, seen);
    return;
  }
  const node = value as Partial<Node>;
  if (typeof node.op === "string" && node.meta !== undefined) {
    see(node as Node);
    visit(node.meta.alternate, see, seen);
    visit(node.meta.macro, see, seen);
    visit(node.args, see, seen);
    return;
  }
  for (const part of Object.values(value)) {
    if (Array.isArray(part) || typeof (part as Partial<Node> | null)?.op === "string") visit(part, see, seen);
  }
}
