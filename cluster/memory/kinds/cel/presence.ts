/**
 * `has(a.b)`, also after an index or a call (`has(self.items[0].name)`), where the library knows plain names only.
 *
 * Source: `github.com/google/cel-go/parser/macro.go` (MakeHas) and `checker/checker.go`.
 */
import { cel } from "./engine.ts";

interface Select {
  readonly op: string;
  readonly args: readonly [operand: unknown, field: string];
}

interface Checker {
  check(node: unknown, scope: unknown): unknown;
  getType(name: string): unknown;
  createError(code: string, message: string, node: unknown): Error;
}

interface Evaluator {
  run(node: unknown, scope: unknown): unknown;
  debugType(value: unknown): { fieldLazy(value: unknown, key: string, node: unknown, evaluator: unknown): unknown };
}

/** What the library runs in place of its own macro. */
export function presenceMacro(select: Select) {
  return {
    async: false,
    typeCheck(checker: Checker, _: unknown, scope: unknown) {
      if (select.op !== "." && select.op !== ".?") {
        throw checker.createError("invalid_macro_argument", "invalid argument to has() macro", select);
      }
      checker.check(select, scope);
      return checker.getType("bool");
    },
    evaluate(evaluator: Evaluator, _: unknown, scope: unknown) {
      const operand = evaluator.run(select.args[0], scope);
      const value = evaluator.debugType(operand).fieldLazy(operand, select.args[1], select, evaluator);
      return value instanceof cel().Optional ? value.hasValue() : value !== undefined;
    },
  };
}
