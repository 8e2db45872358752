/** Checks arguments and values that have a form of their own: selectors, JSONPath, rules of Ingresses, field paths. */
import { nearestInAnyCase } from "../../nearest.ts";
import type { Finding, Mend } from "../finding.ts";
import { didYouMean } from "../mends.ts";
import type { Shape } from "../../../cluster/memory/kinds/schema/shape.ts";
import { apiVersionsOf, shapeOfKind } from "../schema_search.ts";
import type { ShellWord } from "../shell.ts";
import type { KubectlCommand } from "./command_line.ts";

/** @param kinds the kinds of the words that name resources */
export function formFindings(
  command: KubectlCommand,
  words: readonly ShellWord[],
  kinds: ReadonlyMap<string, string>,
): Finding[] {
  const { path, flags } = command;
  return [
    ...(flags.get("selector") ?? []).flatMap((value) => selectorFindings(value, words)),
    ...(flags.get("output") ?? []).concat(flags.get("sort-by") ?? []).flatMap((value) =>
      jsonPathFindings(value, words)
    ),
    ...path === "create ingress" ? (flags.get("rule") ?? []).flatMap((value) => ruleFindings(value, words)) : [],
    ...path === "taint" ? taintForms(command, words) : [],
    ...path === "explain" ? fieldFindings(command, words, kinds) : [],
  ];
}

function selectorFindings(value: string, words: readonly ShellWord[]): Finding[] {
  if (!/^,|,\s*(,|$)|=>/.test(value)) return [];
  return tell(value, words, `error: unable to parse requirement: ${JSON.stringify(value)}`, {
    en: "A selector is KEY=VALUE, KEY!=VALUE or KEY in (A, B), joined by commas.",
    ko: "셀렉터는 키=값, 키!=값, 키 in (A, B) 형식을 쉼표로 이어 씁니다.",
  });
}

function jsonPathFindings(value: string, words: readonly ShellWord[]): Finding[] {
  if (!/^jsonpath(-as-json)?=|^\{/.test(value)) return [];
  const bare = value.replace(/\\.|"[^"]*"|'[^']*'/g, "");
  const isBalanced = ["{}", "[]", "()"].every(([open, close]) => bare.split(open).length === bare.split(close).length);
  if (isBalanced) return [];
  return tell(value, words, `error: error parsing jsonpath ${value.replace(/^[^=]*=/, "")}, unclosed action`, {
    en: "The brackets of this JSONPath do not match.",
    ko: "JSONPath의 괄호 짝이 맞지 않습니다.",
  });
}

function ruleFindings(value: string, words: readonly ShellWord[]): Finding[] {
  if (/^[\w*.-]*\/.*=[\w.-]+:[\w-]+(,tls(=[\w.-]+)?)?$/.test(value)) return [];
  return tell(
    value,
    words,
    `error: rule ${value} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
    {
      en: "A rule is HOST/PATH=SERVICE:PORT.",
      ko: "규칙은 호스트/경로=서비스:포트 형식입니다.",
    },
  );
}

/** `taint nodes node01 app=blue`: the effect is missing. */
function taintForms({ args, flags }: KubectlCommand, words: readonly ShellWord[]): Finding[] {
  const taints = args.slice(flags.has("all") || flags.has("selector") ? 1 : 2);
  return taints.filter((taint) => /^[\w./-]+(=[\w.-]*)?$/.test(taint) && !taint.endsWith("-")).flatMap((taint) =>
    tell(taint, words, `error: unknown taint spec: ${taint}`, {
      en: "A taint is KEY=VALUE:EFFECT; KEY- takes it away.",
      ko: "테인트는 키=값:효과 형식이고, 키-는 테인트를 제거합니다.",
    })
  );
}

/** `explain pod.spec.container` */
function fieldFindings(
  { args: [target = ""], flags }: KubectlCommand,
  words: readonly ShellWord[],
  kinds: ReadonlyMap<string, string>,
): Finding[] {
  const [resource, ...steps] = target.split(".");
  const kind = kinds.get(resource.toLowerCase());
  if (kind === undefined || flags.has("api-version")) return [];
  // One of the versions that have the kind may have the field.
  const slips = apiVersionsOf(kind).map((apiVersion) => firstUnknown(shapeOfKind(apiVersion, kind)!, steps));
  const [slip] = slips;
  if (slip === undefined || slips.includes(undefined)) return [];
  return tell(target, words, `error: field ${JSON.stringify(slip.step)} does not exist`, {
    en: `There is no field ${slip.step} here.`,
    ko: `여기에 ${slip.step} 필드는 없습니다.`,
  }, slip);
}

interface Slip {
  readonly step: string;
  readonly meant?: string | undefined;
}

/** The first step of a field path that leads nowhere; what is below a free form is not known. */
function firstUnknown(root: Shape, steps: readonly string[]): Slip | undefined {
  let shape = root;
  for (const step of steps) {
    while (shape.is === "list") shape = shape.items;
    if (shape.is !== "struct" || step === "") return undefined;
    const { fields } = shape;
    const field = fields.get(step);
    if (field === undefined) {
      return { step, meant: nearestInAnyCase(step, fields.keys()) };
    }
    shape = field.shape;
  }
  return undefined;
}

function tell(
  value: string,
  words: readonly ShellWord[],
  message: string,
  explanation: Finding["explanation"],
  slip?: Slip,
): Finding[] {
  const word = words.find((one) => one.value.endsWith(value));
  if (word === undefined || word.open || /<[^<>]+>/.test(value)) return [];
  const at = word.value.lastIndexOf(slip?.step ?? value);
  const column = word.column + Math.max(0, at);
  const edit: { readonly mend?: Mend } = slip?.meant === undefined
    ? {}
    : { mend: didYouMean(slip.meant, { line: word.line, column, length: slip.step.length }) };
  return [{ line: word.line, column, rule: "flag-value", severity: "error", message, explanation, ...edit }];
}
