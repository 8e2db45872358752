/** Compares single answers: a field that JSONPath prints, the names of objects, yes or no, a container's log. */
import type { Finding } from "../finding.ts";
import type { KubectlCommand } from "../kubectl/command_line.ts";
import type { CodeLine } from "../markdown.ts";
import { canonical } from "./same.ts";
import { leadsTo } from "./shown.ts";

/** Fields of one object that its maker has set; not those that clusters fill in. */
const OWN_FIELD =
  /^\{?\.(spec|data|metadata\.(labels|name|namespace))\b(?!.*(nodeName|[cC]lusterIP|nodePort|volume|tolerations))/;

/** What such an answer is called; undefined for a command whose answers differ from cluster to cluster. */
export function answerOf({ path, flags, args }: KubectlCommand): string | undefined {
  if (path === "auth can-i" && !flags.has("list")) return "auth can-i";
  const [, format, template = ""] = /^(jsonpath|name|go-template)=?(.*)$/s.exec(flags.get("output")?.at(-1) ?? "") ??
    [];
  if (path !== "get" || format === undefined) return undefined;
  if (format === "name") return "name";
  const isOne = args.length > 1 || (args[0] ?? "").includes("/");
  const field = template.replace(/^['"]|['"]$/g, "").replace(/^\{\{\s*/, "");
  return isOne && OWN_FIELD.test(field) ? field : undefined;
}

export function answerFindings(shown: readonly CodeLine[], stdout: string, name: string): Finding[] {
  const real = stdout.trim().split("\n");
  if (name === "name") return kindFindings(shown, real);
  const [line] = shown;
  if (shown.length !== 1 || real.length !== 1) return [];
  const answer = line.text.trim().replace(/%$/, "");
  // zsh marks the missing line end with a percent sign.
  if (answer.replaceAll(/["']/g, "") === real[0].replaceAll(/["']/g, "")) return [];
  return canonical(answer) === canonical(real[0]) ? [] : [leadsTo(line, name, answer, real[0].trim())];
}

/** `-o name`: "pod/web". Which objects there are is the cluster's; of what kind they are is the command's. */
function kindFindings(shown: readonly CodeLine[], real: readonly string[]): Finding[] {
  const kinds = [...new Set(real.map((text) => /^([a-z0-9.]+)\//.exec(text)?.[1] ?? ""))];
  if (kinds.length !== 1 || kinds[0] === "") return [];
  return shown.flatMap((line) => {
    const kind = /^\s*([a-z]+(?:\.[a-z0-9.]+)?)\/\S+$/.exec(line.text)?.[1];
    return kind === undefined || kind === kinds[0] ? [] : [leadsTo(line, "kind", kind, kinds[0])];
  });
}

/** Programs whose output the cluster gives in full; of others it only plays the part. */
const UNKNOWN_HERE = /not found|No such file|unknown|unsupported/i;

/** What a container wrote, where its command is the note's own; numbers and times differ. */
export function logFindings(shown: readonly CodeLine[], stdout: string): Finding[] {
  const real = stdout.split("\n").map(steady).filter((text) => text !== "");
  if (real.length === 0 || UNKNOWN_HERE.test(stdout)) return [];
  const [line] = shown;
  if (line === undefined || shown.some(({ text }) => real.includes(steady(text)))) return [];
  return [leadsTo(line, "log", line.text.trim(), stdout.trim().split("\n")[0])];
}

/** Counts, dates and times are another in every run; a number that stands alone is what was asked for. */
function steady(text: string): string {
  if (/^\s*[\d.]+\s*$/.test(text)) return text.trim();
  return canonical(text).replace(
    /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|UTC|KST)\b/g,
    "",
  )
    .replace(/\d+/g, "#").replace(/\s+/g, " ").trim();
}
