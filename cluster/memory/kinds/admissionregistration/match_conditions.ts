/** Conditions by which a webhook or policy passes over a request. Source: as `rules.ts`. */
import { duplicate, type FieldError, invalid, required, tooMany } from "../field_error.ts";
import { check, qualifiedName } from "../names.ts";
import type { MatchCondition } from "../schema/types.ts";
import { expressionError } from "./expressions.ts";

const MOST = 64;

/** @param params whether the conditions may speak of parameters */
export function validateMatchConditions(conditions: readonly MatchCondition[] = [], path: string, params: boolean) {
  const errors: FieldError[] = conditions.length > MOST ? [tooMany(path, conditions.length, MOST)] : [];
  const names = new Set<string>();
  conditions.forEach(({ name = "", expression = "" }, i) => {
    const at = `${path}[${i}]`;
    const text = expression.trim();
    if (text === "") errors.push(required(`${at}.expression`));
    else {
      const wrong = expressionError(text, { params, authorizer: true, variables: false }, ["bool"]);
      if (wrong !== undefined) errors.push(invalid(`${at}.expression`, text, wrong));
    }
    if (name === "") return void errors.push(required(`${at}.name`));
    errors.push(...check(`${at}.name`, name, qualifiedName));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
  });
  return errors;
}
