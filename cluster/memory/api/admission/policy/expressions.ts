/** The expressions of one policy or webhook, compiled when they are first needed. */
import type { Environment } from "@marcbachmann/cel-js";
import { environmentOf, type Surroundings } from "../../../kinds/admissionregistration/expressions.ts";
import { CompileError, CostExceeded, EvaluationFailure } from "../../../kinds/cel/cel_error.ts";
import { failure } from "../../../kinds/cel/library/failure.ts";
import { type Budget, compile, OBJECT_BUDGET, type Program } from "../../../kinds/cel/program.ts";
import { withoutStructs } from "../../../kinds/cel/struct_literals.ts";
import type { MatchCondition, Variable } from "../../../kinds/schema/types.ts";
import { ExpressionError } from "./failures.ts";
import type { Inputs } from "./inputs.ts";

const OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run";

export class Expressions {
  readonly #programs = new Map<string, Program>();
  readonly #environments = new Map<string, Environment>();

  /** @param params whether they may speak of parameters */
  constructor(readonly params: boolean, readonly variables: readonly Variable[] = []) {}

  /** @throws {CompileError} */
  #program(source: string, around: Omit<Surroundings, "params">): Program {
    const scope = `${around.authorizer} ${around.variables}`;
    let program = this.#programs.get(`${scope} ${source}`);
    if (program !== undefined) return program;
    let environment = this.#environments.get(scope);
    if (environment === undefined) {
      environment = environmentOf({ ...around, params: this.params });
      this.#environments.set(scope, environment);
    }
    program = compile(environment, withoutStructs(source));
    this.#programs.set(`${scope} ${source}`, program);
    return program;
  }

  /**
   * @param inputs from {@linkcode withVariables}, when the expression may name variables
   * @throws {ExpressionError}
   */
  evaluate(source: string, inputs: Inputs, budget: Budget, around = { authorizer: true, variables: true }): unknown {
    try {
      return this.#program(source, around).evaluate(inputs, budget);
    } catch (error) {
      if (error instanceof CostExceeded) throw new ExpressionError(OUT_OF_BUDGET);
      if (error instanceof CompileError) throw new ExpressionError(`compilation failed: ${error.message}`);
      if (!(error instanceof EvaluationFailure)) throw error;
      throw new ExpressionError(`expression '${source}' resulted in error: ${error.message}`);
    }
  }

  /** The inputs with `variables`, each of which is evaluated when it is first asked for. */
  withVariables(inputs: Inputs, budget: Budget): Inputs {
    const values: Record<string, unknown> = {};
    const all = { ...inputs, variables: values };
    for (const { name, expression } of this.variables) {
      let known: { readonly value: unknown } | undefined;
      const get = () => (known ??= { value: this.#variable(name, expression, all, budget) }).value;
      Object.defineProperty(values, name, { enumerable: true, get });
    }
    return all;
  }

  #variable(name: string, source: string, inputs: Inputs, budget: Budget): unknown {
    const fails = (how: string, error: Error) =>
      failure(`composited variable "${name}" fails to ${how}: ${error.message}`);
    try {
      return this.#program(source, { authorizer: true, variables: true }).evaluate(inputs, budget);
    } catch (error) {
      if (error instanceof CompileError) throw fails("compile", error);
      if (error instanceof EvaluationFailure && !(error instanceof CostExceeded)) throw fails("evaluate", error);
      throw error;
    }
  }

  /**
   * Whether all conditions hold. One that does not decides, whatever else fails.
   *
   * Source: `k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go`.
   *
   * @throws {ExpressionError} when some cannot be evaluated, unless the policy is to be ignored then
   */
  conditionsHold(
    conditions: readonly MatchCondition[] = [],
    inputs: Inputs,
    failurePolicy: string | undefined,
  ): boolean {
    const budget = { steps: OBJECT_BUDGET };
    const errors: string[] = [];
    for (const { expression } of conditions) {
      try {
        const given = { ...inputs, namespaceObject: null };
        const result = this.evaluate(expression, given, budget, { authorizer: true, variables: false });
        if (result === false) return false;
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        errors.push(error.message);
      }
    }
    if (errors.length === 0) return true;
    if (failurePolicy === "Ignore") return false;
    throw new ExpressionError(errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`);
  }
}
