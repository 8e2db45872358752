/** Strings beyond the language's own functions. Source: `cel-go/ext/{strings,formatting}.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { failure } from "./failure.ts";
import { registerNamespace } from "./namespace.ts";

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw failure(`index out of range: ${index}`);
  return characters[Number(index)] ?? "";
}

function replace(text: string, from: string, to: string, times = -1n): string {
  if (times < 0n) return text.replaceAll(from, () => to);
  let [result, rest] = ["", text];
  for (let i = 0n; i < times; i++) {
    const at = rest.indexOf(from);
    if (at < 0) break;
    result += rest.slice(0, at) + to;
    rest = rest.slice(at + from.length);
  }
  return result + rest;
}

/** `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o` and `%%`, with a precision where that says something. */
function format(template: string, args: readonly unknown[]): string {
  let next = 0;
  const text = template.replaceAll(/%(?:\.(\d+))?([a-zA-Z%])/g, (_, precision: string | undefined, verb: string) => {
    if (verb === "%") return "%";
    if (next >= args.length) throw failure(`index ${next} out of range`);
    return formatted(args[next++], verb, precision === undefined ? 6 : Number(precision));
  });
  if (next < args.length) throw failure("too many arguments supplied to format string");
  return text;
}

function formatted(value: unknown, verb: string, precision: number): string {
  const isNumber = typeof value === "bigint" || typeof value === "number";
  const wrong = () => failure(`error during formatting: %${verb} cannot be used for ${typeof value}`);
  switch (verb) {
    case "s":
      return asText(value);
    case "d":
      if (typeof value !== "bigint") throw wrong();
      return String(value);
    case "f":
      if (!isNumber) throw wrong();
      return Number(value).toFixed(precision);
    case "e":
      if (!isNumber) throw wrong();
      return Number(value).toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
    case "b":
      if (typeof value === "boolean") return value ? "1" : "0";
      if (typeof value !== "bigint") throw wrong();
      return value.toString(2);
    case "o":
      if (typeof value !== "bigint") throw wrong();
      return value.toString(8);
    case "x":
    case "X": {
      const hex = typeof value === "bigint" ? value.toString(16) : hexOf(value) ?? (() => {
        throw wrong();
      })();
      return verb === "x" ? hex : hex.toUpperCase();
    }
    default:
      throw failure(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function hexOf(value: unknown): string | undefined {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return undefined;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function asText(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(asText).join(", ")}]`;
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, "Z");
  if (typeof value === "object" && "seconds" in value && "nanos" in value) {
    return `${Number(value.seconds) + Number(value.nanos) / 1e9}s`;
  }
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value !== "object") return String(value);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return `{${
    entries.map(([key, entry]) => [asText(key), asText(entry)] as const).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, entry]) => `${key}: ${entry}`).join(", ")
  }}`;
}

export function registerStrings(environment: Environment): void {
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  define("string.charAt(int): string", charAt);
  define("string.replace(string, string): string", replace);
  define("string.replace(string, string, int): string", replace);
  define("string.format(list): string", format);
  registerNamespace(environment, "strings", { "quote(string): string": (text: string) => JSON.stringify(text) });
}
