/**
 * The words and signs of a label selector's text.
 *
 * Source: the Lexer of `k8s.io/apimachinery/pkg/labels/selector.go`.
 */

const SIGNS = [")", ",", "!", "==", "=", ">", "<", "!=", "("] as const;
const WORDS = ["in", "notin"] as const;

export interface Token {
  readonly type: typeof SIGNS[number] | typeof WORDS[number] | "identifier" | "error" | "end";
  readonly text: string;
}

const isSign = (text: string): text is typeof SIGNS[number] => (SIGNS as readonly string[]).includes(text);
const isWord = (text: string): text is typeof WORDS[number] => (WORDS as readonly string[]).includes(text);

/** All tokens; the last one is always the end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  // A NUL ends the text for Go's lexer.
  for (const [run] of text.split("\0", 1)[0].matchAll(/[=!(),<>]+|[^=!(),<> \t\r\n]+/g)) {
    if (/^[=!(),<>]/.test(run)) tokens.push(...signs(run));
    else tokens.push({ type: isWord(run) ? run : "identifier", text: run });
  }
  return [...tokens, { type: "end", text: "" }];
}

/** Splits "!==" and the like: each time the longest known sign. */
function signs(run: string): Token[] {
  const tokens: Token[] = [];
  while (run !== "") {
    const two = run.slice(0, 2);
    const sign = isSign(two) ? two : run[0];
    if (isSign(sign)) tokens.push({ type: sign, text: sign });
    run = run.slice(sign.length);
  }
  return tokens;
}
