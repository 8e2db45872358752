/** Whether a kubectl command has what it needs, and nothing that excludes it: what kubectl itself would refuse. */
import { nearestInAnyCase } from "../../nearest.ts";
import type { Finding } from "../finding.ts";
import { didYouMean } from "../mends.ts";
import type { ShellWord } from "../shell.ts";
import type { KubectlCommand } from "./command_line.ts";
import { type Requirement, REQUIREMENTS } from "./requirements.ts";

/** @param words what follows `kubectl` */
export function completeFindings(command: KubectlCommand, words: readonly ShellWord[]): Finding[] {
  // A command that stands alone is named, not used.
  if (command.args.length + command.flags.size === 0 || words.length === 0) return [];
  const found = valueFinding(command, words) ?? missingFinding(command, words) ?? combinationFinding(command, words);
  return found === undefined ? [] : [found];
}

function missingFinding({ path, args, flags, rest }: KubectlCommand, words: readonly ShellWord[]): Finding | undefined {
  const needed = REQUIREMENTS[path];
  // A variable or `...` may stand for any number of words.
  if (needed === undefined || words.some(({ open, value }) => open && /^[$….`]|^\{\{/.test(value))) return undefined;
  if (flags.has("help")) return undefined;
  const stands = needed.instead?.some((flag) => flags.has(flag)) ?? false;
  // With `-l`, `label` and `delete` still need TYPE and what comes after NAME.
  const least = stands ? 0 : needed.args;
  const given = [...args, ...path === "exec" || path === "run" ? [] : rest ?? []];
  if (countOf(given, needed) < least) {
    return refuse(words, `error: ${needed.usage} must be specified for kubectl ${path}`, {
      en: `kubectl ${path} needs ${needed.usage}.`,
      ko: `kubectl ${path} 명령에 빠진 인자가 있습니다: ${needed.usage}`,
    });
  }
  const missing = needed.flags?.find((group) => !group.some((flag) => flags.has(flag)));
  if (missing === undefined) return undefined;
  const names = missing.map((flag) => `--${flag}`);
  return refuse(words, `error: required flag(s) "${missing[0]}" not set`, {
    en: `kubectl ${path} needs ${names.join(" or ")}.`,
    ko: `kubectl ${path} 명령에 필요한 플래그가 없습니다: ${names.join(" 또는 ")}`,
  });
}

/** TYPE/NAME counts for two where a resource comes first. */
function countOf(args: readonly string[], { resource = false }: Requirement): number {
  return args.length + (resource && (args[0] ?? "").includes("/") ? 1 : 0);
}

function combinationFinding({ path, args, flags, rest }: KubectlCommand, words: readonly ShellWord[]) {
  for (const group of REQUIREMENTS[path]?.excludes ?? []) {
    const both = group.filter((flag) => flags.has(flag));
    if (both.length > 1) return together(words, `--${both[0]}`, `--${both[1]}`);
  }
  if (path === "get" && flags.has("all-namespaces") && namesOne(args)) {
    return refuse(words, "error: a resource cannot be retrieved by name across all namespaces", {
      en: "One object by its name is in one namespace: leave -A out.",
      ko: "이름으로 조회할 때는 -A를 쓸 수 없습니다. 네임스페이스를 지정하세요.",
    });
  }
  if (/^(get|delete|describe)$/.test(path) && namesOne(args) && flags.has("selector")) {
    return together(words, args.at(-1)!, "--selector");
  }
  if (/^(get|delete|describe)$/.test(path) && args[0]?.includes("/") && args.some((arg) => !arg.includes("/"))) {
    return refuse(words, "error: there is no need to specify a resource type as a separate argument", {
      en: "TYPE/NAME and TYPE NAME cannot be mixed.",
      ko: "TYPE/NAME 형식과 TYPE NAME 형식을 섞어 쓸 수 없습니다.",
    });
  }
  if (path === "exec" && rest === undefined && args.length > 0 && !flags.has("filename")) {
    return withoutDashes(args, words);
  }
  if (path === "cp" && args.length === 2 && !args.some((arg) => arg.includes(":"))) {
    return refuse(words, "error: one of src or dest must be a remote file specification", {
      en: "kubectl cp copies from or to POD:PATH.",
      ko: "kubectl cp는 POD:PATH 형식으로 한쪽을 지정해야 합니다.",
    });
  }
  return undefined;
}

const namesOne = (args: readonly string[]): boolean =>
  args.length > 1 || (args.length === 1 && args[0].includes("/") && !args[0].startsWith("/"));

/** `exec POD COMMAND` went with 1.31; before, it was out of use: see the versions. */
function withoutDashes(args: readonly string[], words: readonly ShellWord[]): Finding | undefined {
  if (args.length > 1) return undefined;
  return refuse(words, "error: you must specify at least one command for the container", {
    en: "kubectl exec needs a command after --.",
    ko: "kubectl exec에는 -- 뒤에 실행할 명령이 필요합니다.",
  });
}

function together(words: readonly ShellWord[], one: string, other: string): Finding {
  return refuse(words, `error: ${one} and ${other} cannot be used together`, {
    en: `${one} and ${other} exclude each other.`,
    ko: `함께 쓸 수 없습니다: ${one}, ${other}`,
  });
}

const FORMATS = (
  "json yaml kyaml name wide go-template go-template-file template templatefile jsonpath jsonpath-as-json " +
  "jsonpath-file custom-columns custom-columns-file"
).split(" ");

/** Values of flags that kubectl knows a few of. */
const VALUES: Readonly<Record<string, { readonly of: RegExp; readonly known: readonly string[] }>> = {
  output: { of: /^(get|create|run|apply|expose|scale|label|patch|events)\b/, known: FORMATS },
  "dry-run": { of: /./, known: ["none", "server", "client", "true", "false"] },
  restart: { of: /^run$/, known: ["Always", "OnFailure", "Never"] },
  "image-pull-policy": { of: /^run$/, known: ["Always", "IfNotPresent", "Never"] },
  cascade: { of: /^(delete|replace|apply)\b/, known: ["background", "orphan", "foreground", "true", "false"] },
};

function valueFinding({ path, flags }: KubectlCommand, words: readonly ShellWord[]): Finding | undefined {
  for (const [flag, { of, known }] of Object.entries(VALUES)) {
    for (const value of flags.get(flag) ?? []) {
      const name = /^[A-Za-z-]+(?=$|=)/.exec(value)?.[0];
      if (!of.test(path) || name === undefined || known.includes(name)) continue;
      const word = words.find((one) => one.value.endsWith(value));
      if (word === undefined || word.open) continue;
      const meant = nearestInAnyCase(name, known);
      const column = word.column + word.value.lastIndexOf(value);
      return {
        ...refuse([{ ...word, column }], `error: invalid --${flag} value ${JSON.stringify(value)}`, {
          en: `--${flag} takes ${known.join(", ")}.`,
          ko: `--${flag}에는 ${known.join(", ")} 중 하나를 씁니다.`,
        }),
        rule: "flag-value",
        ...meant === undefined ? {} : { mend: didYouMean(meant, { line: word.line, column, length: name.length }) },
      };
    }
  }
  return conditionFinding(path, flags, words);
}

/** `wait --for=ready` */
function conditionFinding(path: string, flags: KubectlCommand["flags"], words: readonly ShellWord[]) {
  const condition = path === "wait" ? flags.get("for")?.at(-1) : undefined;
  if (condition === undefined || /^(delete|create|(condition|jsonpath)=.+)$/i.test(condition)) return undefined;
  const word = words.find(({ value }) => value.endsWith(condition));
  if (word === undefined || word.open) return undefined;
  return {
    ...refuse([word], `error: unrecognized condition: ${JSON.stringify(condition)}`, {
      en: "--for takes condition=NAME, jsonpath=…, create or delete.",
      ko: "--for에는 condition=이름, jsonpath=…, create, delete를 씁니다.",
    }),
    rule: "flag-value" as const,
  };
}

function refuse(
  [{ line, column }]: readonly ShellWord[],
  message: string,
  explanation: Finding["explanation"],
): Finding {
  return { line, column, rule: "command-failed", severity: "error", message, explanation };
}
