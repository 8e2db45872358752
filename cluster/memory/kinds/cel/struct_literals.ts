/**
 * Literals of objects, `Object.spec{replicas: 3}` and `JSONPatch{op: "add"}`, which the language's library does not
 * have: they become literals of maps.
 */
import { unescape } from "./escaping.ts";

const TYPE = /(?:JSONPatch|Object(?:\s*\.\s*[A-Za-z_]\w*)*)\s*\{/y;
const TOKEN =
  /\/\/[^\n]*|[rR]?(?:"""[^]*?"""|'''[^]*?''')|[rR](?:"[^"\n]*"|'[^'\n]*')|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|\s+|[^]/y;

/**
 * Optional fields, `?name: value`, lose their mark: an optional that is none is left out when the result is read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withoutStructs } from "./struct_literals.ts";
 *
 * assert.equal(withoutStructs("Object{spec: Object.spec{replicas: 3}}"), '{"spec": {"replicas": 3}}');
 * ```
 */
export function withoutStructs(source: string): string {
  let result = "";
  /** The brackets that are open, and whether they are of an object. */
  const open: boolean[] = [];
  /** A name here would be a field's. */
  let atField = false;
  let afterDot = false;
  for (let at = 0; at < source.length;) {
    TYPE.lastIndex = TOKEN.lastIndex = at;
    const type = afterDot || atField ? null : TYPE.exec(source);
    if (type !== null) {
      result += "{";
      open.push(true);
      atField = true;
      at += type[0].length;
      continue;
    }
    const [token] = TOKEN.exec(source)!;
    at += token.length;
    const isBlank = /^(\s|\/\/)/.test(token);
    if (isBlank) result += token.startsWith("//") ? "" : token;
    else if (atField && token === "?") continue;
    else if (atField && /^[A-Za-z_]/.test(token)) result += JSON.stringify(unescape(token));
    else result += token;
    if (isBlank) continue;
    if (token === "{" || token === "(" || token === "[") open.push(false);
    else if (token === "}" || token === ")" || token === "]") open.pop();
    atField = token === "," && open.at(-1) === true;
    afterDot = token === ".";
  }
  return result;
}
