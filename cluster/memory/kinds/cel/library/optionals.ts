/** `optMap` and `optFlatMap`: what to do with an optional value that is there. Source: `cel-go/cel/library.go`. */
import type { Environment, Optional } from "@marcbachmann/cel-js";
import { cel } from "../engine.ts";

/** The parts of the library's checker, evaluator and scopes that a macro works with. */
interface Scope {
  forkWithVariable(name: string, type: unknown): Scope;
  reuse(scope: Scope): Scope;
  setIterValue(value: unknown, evaluator: unknown): Scope;
}
interface Type {
  readonly kind: string;
  readonly valueType?: Type;
}
interface Checker {
  check(node: unknown, scope: Scope): Type;
  getType(name: string): Type;
  readonly registry: { getOptionalType(type: Type): Type };
}
interface Evaluator {
  run(node: unknown, scope: Scope): unknown;
}
interface Macro {
  readonly receiver: unknown;
  readonly variable: string;
  readonly body: unknown;
  scope?: Scope;
}

function mapper(flat: boolean) {
  return (
    { args, receiver }: { readonly args: readonly { readonly args: unknown }[]; readonly receiver: unknown },
  ) => ({
    receiver,
    variable: args[0].args as string,
    body: args[1],
    async: false,
    typeCheck(checker: Checker, macro: Macro, scope: Scope) {
      const type = checker.check(macro.receiver, scope);
      macro.scope = scope.forkWithVariable(macro.variable, type.valueType ?? checker.getType("dyn"));
      const result = checker.check(macro.body, macro.scope);
      return flat ? result : checker.registry.getOptionalType(result);
    },
    evaluate(evaluator: Evaluator, macro: Macro, scope: Scope) {
      const optional = evaluator.run(macro.receiver, scope) as Optional;
      if (!optional.hasValue()) return cel().Optional.none();
      const inner = macro.scope!.reuse(scope).setIterValue(optional.value(), evaluator);
      const value = evaluator.run(macro.body, inner);
      return flat ? value : cel().Optional.of(value);
    },
  });
}

export function registerOptionals(environment: Environment): void {
  environment.registerFunction("optional.optMap(ast, ast): optional<dyn>", mapper(false) as never);
  // A value that may be missing is compared with null in vain, but it may be.
  environment.registerOperator("optional == null", () => false);
  environment.registerFunction("optional.optFlatMap(ast, ast): optional<dyn>", mapper(true) as never);
}
