/**
 * Reads the text of a label selector.
 *
 * Source: the Parser of `k8s.io/apimachinery/pkg/labels/selector.go`, whose words for errors these are.
 */
import { invalid } from "./field_error.ts";
import { BINARY_OPERATORS, type Operator, type Requirement, requirement, SelectorError } from "./label_requirement.ts";
import { type Token, tokenize } from "./label_selector_tokens.ts";
import { qualifiedName } from "./names.ts";

const fail = (message: string) => new SelectorError(message);

/** The requirements in the order of the text. @throws {SelectorError} */
export const parseRequirements = (text: string): Requirement[] => new Parser(tokenize(text)).selector();

/** A recursive descent over the tokens; words such as "in" are values where a value is expected. */
class Parser {
  #position = 0;
  constructor(readonly tokens: readonly Token[]) {}

  selector(): Requirement[] {
    const requirements: Requirement[] = [];
    let { type, text } = this.#value();
    while (type !== "end") {
      if (type !== "identifier" && type !== "!") {
        throw fail(`found '${text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const separator = this.#take();
      if (separator.type === "end") break;
      if (separator.type !== ",") throw fail(`found '${separator.text}', expected: ',' or 'end of string'`);
      ({ type, text } = this.#value());
      if (type !== "identifier" && type !== "!") throw fail(`found '${text}', expected: identifier after ','`);
    }
    return requirements;
  }

  #requirement(): Requirement {
    try {
      const absent = this.#value().type === "!";
      if (absent) this.#take();
      const { type, text: key } = this.#take();
      if (type !== "identifier") throw fail(`found '${key}', expected: identifier`);
      const wrong = qualifiedName(key);
      if (wrong.length > 0) throw fail(`<nil>: ${invalid("", key, wrong.join("; ")).message}`);
      if (absent) return requirement(key, "!", []);
      const next = this.#value().type;
      if (next === "end" || next === ",") return requirement(key, "exists", []);
      const operator = this.#operator();
      const values = operator === "in" || operator === "notin" ? this.#set() : this.#exact();
      return requirement(key, operator, [...new Set(values)].sort());
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw fail(`unable to parse requirement: ${error.message}`);
    }
  }

  #operator(): Operator {
    const { type, text } = this.#take(false);
    switch (type) {
      case "in":
      case "notin":
      case "=":
      case "==":
      case "!=":
        return type;
      case ">":
        return "gt";
      case "<":
        return "lt";
      default:
        throw fail(`found '${text}', expected: ${BINARY_OPERATORS.join(", ")}`);
    }
  }

  #set(): string[] {
    const open = this.#take();
    if (open.type !== "(") throw fail(`found '${open.text}' expected: '('`);
    const first = this.#value();
    if (first.type === ")") {
      this.#take();
      return [""];
    }
    if (first.type !== "identifier" && first.type !== ",") {
      throw fail(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#list();
    if (this.#take().type !== ")") throw fail(`found '${first.text}', expected: ')'`);
    return values;
  }

  /** "a,,b" up to the closing parenthesis: nothing between commas is the empty value. */
  #list(): string[] {
    const values: string[] = [];
    while (true) {
      const { type, text } = this.#take();
      const next = this.#value();
      if (type === "identifier") {
        values.push(text);
        if (next.type === ")") return values;
        if (next.type !== ",") throw fail(`found '${next.text}', expected: ',' or ')'`);
      } else if (type === ",") {
        if (values.length === 0 || next.type === "," || next.type === ")") values.push("");
        if (next.type === ")") return values;
      } else throw fail(`found '${text}', expected: ',', or identifier`);
    }
  }

  #exact(): string[] {
    const next = this.#value().type;
    if (next === "end" || next === ",") return [""];
    const { type, text } = this.#take();
    if (type !== "identifier") throw fail(`found '${text}', expected: identifier`);
    return [text];
  }

  /** The next token, where a value may stand. */
  #value(): Token {
    const token = this.tokens[Math.min(this.#position, this.tokens.length - 1)];
    return token.type === "in" || token.type === "notin" ? { type: "identifier", text: token.text } : token;
  }

  #take(value = true): Token {
    const token = value ? this.#value() : this.tokens[Math.min(this.#position, this.tokens.length - 1)];
    this.#position++;
    return token;
  }
}
