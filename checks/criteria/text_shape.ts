/** What a text should say: `"ready"` (found in it), or `{ contains, equals, matches }`. */
import { RE2JS } from "@bufbuild/re2";
import { complain, fields, optional, type Shape, string } from "../shape.ts";
import type { Mismatch } from "./criterion.ts";

/** A regular expression in Go's syntax, which matches in linear time. */
export const pattern: Shape<RE2JS> = (place) => {
  const source = string()(place);
  if (source === undefined) return undefined;
  try {
    return new RE2JS(source);
  } catch (error) {
    const why = (error as Error).message;
    return complain(place, { en: `is no regular expression: ${why}`, ko: `정규식이 아닙니다: ${why}` });
  }
};

/** All that is given must hold. */
export interface TextExpectation {
  readonly contains?: string;
  /** Apart from white space around it. */
  readonly equals?: string;
  /** A part of the text matches. */
  readonly matches?: { readonly test: (text: string) => boolean; readonly source: string };
}

const withSource: Shape<NonNullable<TextExpectation["matches"]>> = (place) => {
  const read = pattern(place);
  return read && { test: (text) => read.test(text), source: String(place.value) };
};

/** The fields of an expectation, for criteria that have them among their own. */
export const TEXT_FIELDS = {
  contains: optional(string()),
  equals: optional(string()),
  matches: optional(withSource),
};

/** A text that must be found, or a map of what is expected of the text. */
export const textExpectation: Shape<TextExpectation> = (place) => {
  if (typeof place.value === "string") return { contains: place.value };
  const reading = fields(TEXT_FIELDS)(place);
  if (reading === undefined || Object.keys(reading).length > 0) return reading;
  return complain(place, {
    en: "says nothing: give contains, equals or matches",
    ko: "기대하는 내용이 없습니다. contains, equals, matches 중에서 적으세요",
  });
};

/** The end of a text is where programs say what went wrong. */
const SHOWN = 80;

/** What of the expectation `text` does not meet; `path` says which text of the subject it is. */
export function textMismatches(
  { contains, equals, matches }: TextExpectation,
  text: string,
  subject: string,
  path: string,
): readonly Mismatch[] {
  const trimmed = text.trim();
  const is = trimmed.length > SHOWN ? `…${trimmed.slice(-SHOWN)}` : trimmed;
  return [
    ...contains === undefined || text.includes(contains) ? [] : [{
      subject,
      note: {
        en: `${path} does not contain ${JSON.stringify(contains)}; it is ${JSON.stringify(is)}`,
        ko: `${path}에 다음 내용이 없습니다: ${JSON.stringify(contains)}. 현재 내용: ${JSON.stringify(is)}`,
      },
    }],
    ...equals === undefined || trimmed === equals.trim() ? [] : [{ subject, path, is, should: equals.trim() }],
    ...matches === undefined || matches.test(text) ? [] : [{
      subject,
      note: {
        en: `${path} does not match /${matches.source}/; it is ${JSON.stringify(is)}`,
        ko: `${path}의 내용이 /${matches.source}/ 패턴과 맞지 않습니다. 현재 내용: ${JSON.stringify(is)}`,
      },
    }],
  ];
}

/** What a program or a server has given: a number that says how it went, and a text. */
export interface Outcome {
  /** Which number of the subject it is: "GET http://web/ status". */
  readonly path: string;
  readonly is: number;
  readonly should: number;
  readonly text: string;
  /** Which text of the subject it is. */
  readonly textPath: string;
}

/** Where the number is another, the text is of something else and is not compared. */
export function outcomeMismatches(
  { path, is, should, text, textPath }: Outcome,
  expected: TextExpectation | undefined,
  subject: string,
): readonly Mismatch[] {
  if (is !== should) return [{ subject, path, is, should }];
  return expected === undefined ? [] : textMismatches(expected, text, subject, textPath);
}
