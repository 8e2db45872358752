/** The match conditions of webhooks. */
import type { MatchCondition } from "../../../kinds/schema/types.ts";
import { forbidden } from "../../status.ts";
import type { Attributes } from "../plugin.ts";
import type { PolicyContext } from "./context.ts";
import { Expressions } from "./expressions.ts";
import { ExpressionError } from "./failures.ts";
import { inputsOf } from "./inputs.ts";

export interface Conditional {
  readonly matchConditions?: readonly MatchCondition[];
  readonly failurePolicy?: string;
}

const expressions = new WeakMap<Conditional, Expressions>();

/** @throws {StatusError} when they cannot be evaluated, and the webhook's failure is one of the request */
export function webhookConditionsHold(webhook: Conditional, attributes: Attributes, context: PolicyContext): boolean {
  const { matchConditions, failurePolicy } = webhook;
  if (!matchConditions?.length) return true;
  let compiled = expressions.get(webhook);
  if (compiled === undefined) expressions.set(webhook, compiled = new Expressions(false));
  try {
    return compiled.conditionsHold(matchConditions, inputsOf(attributes, attributes, context), failurePolicy);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { group, resource, name } = attributes;
    throw forbidden({ group, name: resource }, name, error.message);
  }
}
