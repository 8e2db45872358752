/** Checks what kubectl commands are about: the resources that they name, the effects of taints. */
import { nearest } from "../../nearest.ts";
import type { Finding } from "../finding.ts";
import { didYouMean } from "../mends.ts";
import type { ShellWord } from "../shell.ts";
import type { KubectlCommand } from "./command_line.ts";

/** Commands whose first argument names resources: `get pods,svc`, `describe pod/web`. */
export const TAKES_RESOURCES = new Set([
  "get",
  "describe",
  "delete",
  "edit",
  "label",
  "annotate",
  "patch",
  "scale",
  "expose",
  "autoscale",
  "explain",
  "rollout status",
  "rollout undo",
  "rollout history",
  "rollout restart",
  "rollout pause",
  "rollout resume",
  "taint",
  "wait",
]);

/** Resources that no cluster has. @param resources the words that name one */
export function resourceFindings(
  { path, args }: KubectlCommand,
  words: readonly ShellWord[],
  resources: ReadonlySet<string>,
): Finding[] {
  const [first] = args;
  if (!TAKES_RESOURCES.has(path) || first === undefined) return [];
  const word = words.find(({ value }) => value === first)!;
  if (word.open) return [];
  const separator = path === "explain" ? /[.]/ : /\//;
  return first.split(",").flatMap((part) => {
    const [name] = part.split(separator);
    if (name === "" || name === "all" || resources.has(name.toLowerCase())) return [];
    const group = path !== "explain" && name.includes(".");
    if (group) return [];
    const meant = nearest(name.toLowerCase(), [...resources].filter((known) => known.length > 3));
    // Only what is nearly a known name is sure to be a slip: the rest may be somebody's own resource.
    if (meant === undefined) return [];
    const column = word.column + first.indexOf(part);
    return [{
      line: word.line,
      column,
      rule: "unknown-resource" as const,
      severity: "error" as const,
      message: `error: the server doesn't have a resource type ${JSON.stringify(name)}`,
      explanation: { en: `There is no resource ${name}.`, ko: `${name} 리소스는 없습니다.` },
      mend: didYouMean(meant, { line: word.line, column, length: name.length }),
    }];
  });
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** `taint nodes node01 app=blue:NoSchedule` */
export function taintFindings({ path, args }: KubectlCommand, words: readonly ShellWord[]): Finding[] {
  if (path !== "taint") return [];
  return args.slice(1).flatMap((arg) => {
    const effect = /^[^<>:]+:([A-Za-z]+)-?$/.exec(arg)?.[1];
    const word = words.find(({ value }) => value === arg)!;
    if (effect === undefined || word.open || EFFECTS.includes(effect)) return [];
    const meant = nearest(effect, EFFECTS);
    // "key=value:taint-effect" and the like stand for whatever effect.
    if (meant === undefined) return [];
    const column = word.column + arg.lastIndexOf(effect);
    return [{
      line: word.line,
      column,
      rule: "taint-effect" as const,
      severity: "error" as const,
      message: `error: invalid taint effect: ${effect}, unsupported taint effect`,
      explanation: {
        en: `A taint's effect is ${EFFECTS.join(", ")}.`,
        ko: `테인트 효과는 ${EFFECTS.join(", ")} 중 하나입니다.`,
      },
      mend: didYouMean(meant, { line: word.line, column, length: effect.length }),
    }];
  });
}
