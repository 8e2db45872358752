/** For people: what holds, what does not, and why. */
import { styleText } from "node:util";
import type { Language } from "../../cluster/text.ts";
import { type CheckResult, score, type Verdict, VERDICTS } from "../verdict.ts";
import { eventText, mismatchText } from "./mismatch_text.ts";
import { type EntryOutcome, outcomeOf, type ReportEntry, totalOutcome, totalScore } from "./report.ts";

export interface TtyOptions {
  readonly language: Language;
  readonly colour: boolean;
  /** One line an exercise, with details only of what does not hold. */
  readonly brief?: boolean;
}

const MARKS: Readonly<Record<Verdict | EntryOutcome, readonly [string, "green" | "red" | "yellow" | "gray"]>> = {
  "passed": ["✓", "green"],
  "not-yet": ["…", "yellow"],
  "wrong": ["✗", "red"],
  "not-passed": ["✗", "red"],
  "safeguard-broken": ["✗", "red"],
  "could-not-check": ["?", "yellow"],
  "not-checkable-here": ["-", "gray"],
};

/** Each entry with its checks, and under those that failed what is wrong. */
export function ttyReport(entries: readonly ReportEntry[], options: TtyOptions): string {
  const lines = entries.flatMap((entry) => entryLines(entry, options));
  return [...lines, summary(entries, options)].join("\n");
}

/** One exercise's part of the report. */
export function entryLines(entry: ReportEntry, options: TtyOptions): readonly string[] {
  const { language, brief } = options;
  const trouble = entry.trouble.map((text) => `    ${text[language].replaceAll("\n", "\n    ")}`);
  if (!brief) return [...entry.results.flatMap((result) => checkLines(result, options)), ...trouble];
  const { earned, possible } = score(entry.results);
  const failing = entry.results.filter(({ verdict }) => verdict !== "passed");
  const points = entry.results.length === 0 ? "" : `${earned}/${possible}`;
  return [
    `${mark(outcomeOf(entry), options)} ${entry.id.padEnd(28)} ${points.padStart(5)}  ${entry.title[language]}`,
    ...trouble,
    ...failing.flatMap((result) => checkLines(result, options)),
  ];
}

function checkLines(
  { check, verdict, mismatches, events, trouble }: CheckResult,
  options: TtyOptions,
): readonly string[] {
  const { language, colour } = options;
  const faint = (text: string) => colour ? styleText("gray", text, { validateStream: false }) : text;
  const earned = verdict === "passed" ? check.points : 0;
  const points = verdict === "could-not-check" || verdict === "not-checkable-here"
    ? `–/${check.points}`
    : `${earned}/${check.points}`;
  const word = verdict === "passed" ? "" : ` — ${VERDICTS[verdict][language]}`;
  return [
    `  ${mark(verdict, options)} ${points}  ${check.title[language]}${word}`,
    ...mismatches.map((mismatch) => `         ${mismatchText(mismatch, language)}`),
    ...events.map((event) => faint(`         ${eventText(event, language)}`)),
    ...trouble === undefined ? [] : [`         ${trouble[language]}`],
  ];
}

/** The last line: what all of it comes to. */
export function summary(entries: readonly ReportEntry[], { language, brief }: TtyOptions): string {
  const { earned, possible, open } = totalScore(entries);
  const passed = entries.filter((entry) => outcomeOf(entry) === "passed").length;
  const points = {
    en: `${earned} of ${possible} points${open === 0 ? "" : `, ${open} could not be checked`}`,
    ko: `${possible}점 중 ${earned}점${open === 0 ? "" : `, ${open}점은 확인하지 못함`}`,
  }[language];
  if (brief) {
    return {
      en: `${passed} of ${entries.length} exercises proved, ${points}`,
      ko: `연습 문제 ${entries.length}개 중 ${passed}개 검증됨, ${points}`,
    }[
      language
    ];
  }
  const word = totalOutcome(entries) === "passed"
    ? { en: "Passed", ko: "통과" }[language]
    : { en: "Not passed", ko: "미통과" }[language];
  return `${totalOutcome(entries) === "could-not-check" ? VERDICTS["could-not-check"][language] : word}: ${points}`;
}

function mark(verdict: Verdict | EntryOutcome, { colour }: TtyOptions): string {
  const [sign, style] = MARKS[verdict];
  return colour ? styleText(style, sign, { validateStream: false }) : sign;
}
