/** A CEL expression in a check. */
import type { Text } from "../../cluster/text.ts";
import { CelError, type CelExpression, celExpression, type CelValue, celValue } from "../cel.ts";
import { complain, type Shape, string } from "../shape.ts";
import type { Mismatch } from "./criterion.ts";

/** An expression over these variables that holds or does not. */
export const cel = (...variables: readonly string[]): Shape<CelExpression> => reading(celExpression, variables);

/** An expression over these variables that gives any value. */
export const celOf = (...variables: readonly string[]): Shape<CelValue> => reading(celValue, variables);

function reading<T>(read: (source: string, variables: readonly string[]) => T, variables: readonly string[]): Shape<T> {
  const text = string();
  return (place) => {
    const source = text(place);
    if (source === undefined) return undefined;
    try {
      return read(source, variables);
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      return complain(place, {
        en: `is not a CEL expression over ${variables.join(", ")}: ${error.message}`,
        ko: `${variables.join(", ")}에 대한 CEL 식이 아닙니다: ${error.message}`,
      });
    }
  };
}

/** A longer condition is no help to a learner: the title of the check says the same in words. */
const LONGEST = 100;

/** What of an expression does not hold, said of `subject`. */
export function celMismatches(
  expression: CelExpression,
  variables: Readonly<Record<string, unknown>>,
  subject: string,
): readonly Mismatch[] {
  return expression.unmet(variables).map(({ expression, compared }) => ({
    subject,
    ...compared === undefined
      ? { note: expression.length > LONGEST ? NOT_MET : notMet(expression) }
      : { path: expression.replace(/^object\./, ""), ...compared },
  }));
}

const NOT_MET: Text = { en: "does not meet the condition", ko: "조건을 만족하지 않습니다" };

function notMet(expression: string): Text {
  return { en: `${NOT_MET.en} ${expression}`, ko: `${NOT_MET.ko}: ${expression}` };
}
