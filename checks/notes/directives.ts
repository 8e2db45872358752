/**
 * What an HTML comment says about how a note is to be checked.
 *
 * `<!-- drydock: skip reason="…" -->` above a block leaves the block out, `ignore rule=… reason="…"` one kind of finding
 * in it, `file=web.yaml` says what the block is called, and `kubernetes=1.30` and `namespace=dev` where it belongs. The
 * last two, above no block, count from there on.
 */
import type { Text } from "../../cluster/text.ts";
import type { Finding } from "./finding.ts";
import type { Ignore } from "./settings.ts";

export interface Directive {
  /** Why the block is left out. */
  readonly skip?: string;
  readonly ignore?: Ignore;
  readonly kubernetes?: string;
  readonly namespace?: string;
  readonly file?: string;
  /** What is wrong with the comment itself. */
  readonly problem?: { readonly explanation: Text; readonly mend: Text };
}

const ACTIONS = new Set(["skip", "ignore"]);

const FORMS: Readonly<Record<string, RegExp>> = {
  kubernetes: /^1\.\d+$/,
  namespace: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  file: /^[\w.-]+$/,
};

/**
 * @param text what stands between `<!-- drydock:` and `-->`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readDirective } from "./directives.ts";
 *
 * assert.deepEqual(readDirective('kubernetes=1.30 namespace="dev"'), { kubernetes: "1.30", namespace: "dev" });
 * assert.equal(readDirective("skip").problem?.mend.en, 'Write skip reason="…".');
 * ```
 */
export function readDirective(text: string): Directive {
  const words = text.slice(0, LONGEST).match(/[\w-]+(?:=(?:"[^"]*"|[^\s"]+))?|\S+/g) ?? [];
  const action = ACTIONS.has(words[0] ?? "") ? words[0] : undefined;
  const values: Record<string, string> = {};
  for (const word of action === undefined ? words : words.slice(1)) {
    const [, name, value] = /^([\w-]+)="?([^"]*)"?$/.exec(word) ?? [];
    const allowed = action === undefined ? Object.hasOwn(FORMS, name ?? "") : /^(reason|rule|match)$/.test(name ?? "");
    if (name === undefined || !allowed || FORMS[name]?.test(value) === false) return { problem: unknown(word) };
    values[name] = value;
  }
  const { reason = "", rule, match } = values;
  if (action === undefined) return words.length === 0 ? { problem: unknown("") } : values;
  if (reason.trim() === "") return { problem: withoutReason(action) };
  if (action === "skip") return { skip: reason };
  return { ignore: { reason, ...rule === undefined ? {} : { rule }, ...match === undefined ? {} : { match } } };
}

/** Nobody gives longer reasons. */
const LONGEST = 2000;

const withoutReason = (action: string): Directive["problem"] => ({
  explanation: action === "skip"
    ? { en: "A block that is skipped says why.", ko: "검사를 건너뛰는 블록에는 이유가 있어야 합니다." }
    : { en: "A finding that is ignored says why.", ko: "무시하는 항목에는 이유가 있어야 합니다." },
  mend: { en: `Write ${action} reason="…".`, ko: `${action} reason="…" 형식으로 쓰세요.` },
});

const unknown = (word: string): Directive["problem"] => ({
  explanation: { en: `There is no directive ${word}.`, ko: `${word} 지시문은 없습니다.` },
  mend: {
    en: 'Write skip reason="…", ignore rule=… reason="…", kubernetes=1.36, namespace=… or file=….',
    ko: 'skip reason="…", ignore rule=… reason="…", kubernetes=1.36, namespace=…, file=… 중에서 쓰세요.',
  },
});

/** What is wrong with a directive. */
export function directiveFinding({ problem }: Directive, text: string, line: number): Finding[] {
  if (problem === undefined) return [];
  return [{
    line,
    column: 1,
    rule: "directive",
    severity: "error",
    message: `<!-- drydock: ${text} -->`,
    explanation: problem.explanation,
    mend: { text: problem.mend },
  }];
}
