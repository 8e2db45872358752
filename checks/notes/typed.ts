/** Slips of word processors and slides in commands: dashes and quotes that no shell knows, flags that were torn apart. */
import type { Finding } from "./finding.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";

/** "–n", "—namespace" */
const LONG_DASH = /^[–—]+(?=[A-Za-z])/;
const CURLY = /[“”„‟‘’‚‛]/;

/** @param words a kubectl command's, up to `--` */
export function typedFindings(words: readonly ShellWord[], path: string): Finding[] {
  return words.flatMap((word, i, all) => {
    const { value, line, column } = word;
    const dash = LONG_DASH.exec(value)?.[0];
    if (dash !== undefined) return [longDash(word, dash)];
    const curly = CURLY.exec(value);
    if (curly !== null) return [curlyQuote(line, column + curly.index, curly[0])];
    // `-f -` reads what a pipe gives, and so does `cp -`.
    const torn = value === "-" && path !== "cp" && !/^(-f|--filename|--patch-file)$/.test(words[i - 1]?.value ?? "");
    // Where one is torn, the rest mostly is; the first says it.
    return torn && all.findIndex((other) => other.value === "-") === i
      ? [tornFlag(word, words[i + 1]?.value ?? "")]
      : [];
  });
}

function longDash({ value, line, column }: ShellWord, dash: string): Finding {
  const name = value.slice(dash.length);
  const right = /^[A-Za-z](=|$)/.test(name) ? "-" : "--";
  return {
    line,
    column,
    rule: "unknown-flag",
    severity: "error",
    message: `${value} is no flag: it begins with ${dash}`,
    explanation: { en: "A flag begins with -, not with a long dash.", ko: "플래그는 긴 줄표가 아니라 -로 시작합니다." },
    mend: {
      text: { en: `Write ${right}${name}.`, ko: `다음과 같이 쓰세요: ${right}${name}` },
      edit: { line, column, length: dash.length, replacement: right },
    },
  };
}

function curlyQuote(line: number, column: number, quote: string): Finding {
  const right = /[‘’‚‛]/.test(quote) ? "'" : '"';
  return {
    line,
    column,
    rule: "shell-syntax",
    severity: "error",
    message: `${quote} is no quotation mark of the shell's`,
    explanation: { en: `The shell knows ${right} only.`, ko: `셸에서는 ${right}만 따옴표로 씁니다.` },
    mend: {
      text: { en: `Write ${right}.`, ko: `다음과 같이 쓰세요: ${right}` },
      edit: { line, column, length: 1, replacement: right },
    },
  };
}

function tornFlag({ line, column }: ShellWord, next: string): Finding {
  return {
    line,
    column,
    rule: "unknown-flag",
    severity: "error",
    message: `- ${next}: a flag has no space behind its dash`,
    explanation: { en: "A dash stands alone here.", ko: "줄표가 홀로 떨어져 있습니다." },
    mend: { text: { en: "Take the spaces around it out.", ko: "줄표 앞뒤의 공백을 없애세요." } },
  };
}

/** `export A = 1`, `export A=1 ./program`: what follows must be names. */
export function exportFindings({ words }: ShellCommand): Finding[] {
  if (words[0]?.value !== "export") return [];
  const wrong = words.slice(1).find(({ value, open }) =>
    !open && !/^(-[a-z]+|[A-Za-z_]\w*(\+?=[\s\S]*)?)$/.test(value)
  );
  if (wrong === undefined) return [];
  const { value, line, column } = wrong;
  const spaced = value.startsWith("=");
  return [{
    line,
    column,
    rule: "shell-syntax",
    severity: "error",
    message: `export: \`${value}': not a valid identifier`,
    explanation: { en: "export takes NAME=VALUE and nothing else.", ko: "export에는 이름=값만 쓸 수 있습니다." },
    mend: {
      text: spaced ? { en: "Write it without spaces around =.", ko: "= 앞뒤의 공백 없이 쓰세요." } : {
        en: "Leave export out, or put the command on a line of its own.",
        ko: "export를 빼거나 명령을 다음 줄에 쓰세요.",
      },
    },
  }];
}
