/**
 * The JSONPath of printer columns and selectable fields: `.spec.ports[0].name`, `.status.conditions[?(@.type=="Ready")].status`.
 *
 * Source: `k8s.io/client-go/util/jsonpath`, as far as the API server uses it.
 */
import { isList, isObject, type Json } from "../../kinds/json.ts";

type Step = (value: Json) => readonly Json[];

/** A path, ready to be followed; undefined for a text that is none. */
export function parseJsonPath(text: string): ((value: unknown) => readonly Json[]) | undefined {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== "") {
    const found = PARTS.map(({ pattern, step }) => ({ match: pattern.exec(rest), step })).find(({ match }) => match);
    if (found === undefined) return undefined;
    steps.push(found.step(found.match!));
    rest = rest.slice(found.match![0].length);
  }
  return (value) => steps.reduce<readonly Json[]>((values, step) => values.flatMap(step), [value as Json]);
}

const PARTS: readonly { readonly pattern: RegExp; readonly step: (match: RegExpExecArray) => Step }[] = [
  { pattern: /^\.(?=\[|$)/, step: () => (value) => [value] },
  { pattern: /^\.\.([^.[\]]+)/, step: ([, name]) => (value) => everywhere(value, unescape(name)) },
  { pattern: /^\.\*|^\[\*\]/, step: () => all },
  { pattern: /^\.((?:\\.|[^.[\]\\])+)/, step: ([, name]) => field(unescape(name)) },
  { pattern: /^\['((?:\\.|[^'\\])*)'\]|^\["((?:\\.|[^"\\])*)"\]/, step: ([, a, b]) => field(unescape(a ?? b)) },
  { pattern: /^\[(-?\d+)\]/, step: ([, index]) => item(Number(index)) },
  { pattern: /^\[(-?\d*):(-?\d*)\]/, step: ([, from, to]) => slice(from, to) },
  {
    pattern: /^\[\?\(\s*@(.*?)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*\)\]/,
    step: ([, path, op, operand]) => filter(path, op, operand),
  },
  { pattern: /^\[\?\(\s*@(.*?)\s*\)\]/, step: ([, path]) => filter(path) },
];

const unescape = (text: string) => text.replaceAll(/\\(.)/g, "$1");

function field(name: string): Step {
  return (value) => isObject(value) && value[name] !== undefined ? [value[name]] : [];
}

function item(index: number): Step {
  return (value) => {
    const found = isList(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };
}

function slice(from: string, to: string): Step {
  return (value) => isList(value) ? value.slice(Number(from), to === "" ? undefined : Number(to)) : [];
}

const all: Step = (value) => isList(value) ? value : isObject(value) ? Object.values(value) : [];

function everywhere(value: Json, name: string): readonly Json[] {
  const here = isObject(value) && value[name] !== undefined ? [value[name]] : [];
  return [...here, ...all(value).flatMap((inner) => everywhere(inner, name))];
}

/** The items of a list for which a path leads somewhere, or to a value that compares so. */
function filter(path: string, operator?: string, operand = ""): Step {
  const follow = parseJsonPath(path) ?? (() => []);
  const wanted = operandOf(operand);
  return (value) =>
    all(value).filter((candidate) => {
      const [found] = follow(candidate);
      return operator === undefined ? found !== undefined : found !== undefined && compares(found, operator, wanted);
    });
}

function operandOf(text: string): Json {
  if (/^'.*'$/s.test(text)) return unescape(text.slice(1, -1));
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function compares(left: Json, operator: string, right: Json): boolean {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left! < right!;
    case "<=":
      return left! <= right!;
    case ">":
      return left! > right!;
    default:
      return left! >= right!;
  }
}
