/** Finds in commands and manifests what Kubernetes has changed up to the version that a note is about. */
import type { Finding } from "../finding.ts";
import type { KubectlCommand, KubectlProblem } from "../kubectl/command_line.ts";
import { compareVersions, knownVersions } from "../kubectl/facts.ts";
import type { CodeLine } from "../markdown.ts";
import { baseName } from "../programs.ts";
import type { ShellWord } from "../shell.ts";
import type { Place } from "../yaml_documents.ts";
import { type Change, COMMAND_CHANGES, FLAG_CHANGES, type FlagChange } from "./changes.ts";
import { COMMAND_HABITS, LINE_CHANGES, SINCE } from "./habits.ts";
import { WORD_CHANGES } from "./words.ts";

const newest = knownVersions.at(-1)!;

/** Whether a version, the newest unless said, has the change. */
const applies = ({ version }: Change, about: string = newest): boolean => compareVersions(version, about) <= 0;

/** An error where the version refuses it, a warning where it is only going out of use. */
export function changeFinding(place: Place, found: string, change: Change): Finding {
  const { version, fails, now } = change;
  return {
    ...place,
    rule: "other-version",
    severity: fails ? "error" : "warning",
    message: fails ? `${found}: removed in Kubernetes ${version}` : `${found}: out of use since Kubernetes ${version}`,
    explanation: fails
      ? { en: `${found} is gone since Kubernetes ${version}.`, ko: `${found}: 쿠버네티스 ${version}에서 없어졌습니다.` }
      : {
        en: `${found} is out of use since Kubernetes ${version}.`,
        ko: `${found}: 쿠버네티스 ${version}부터 쓰지 않습니다.`,
      },
    mend: { text: now },
  };
}

const flagChange = (flag: string, path: string): FlagChange | undefined =>
  FLAG_CHANGES.find((change) => `--${change.flag}` === flag && change.of.test(path));

/**
 * What a problem with a kubectl command comes to, where it is one of versions.
 *
 * @returns a finding; "none" where the version still has it; undefined where no change explains the problem
 */
export function versionProblem(
  { type, found, path }: KubectlProblem,
  place: Place,
  version: string | undefined,
): Finding | "none" | undefined {
  const change = type === "unknown-command" && path === ""
    ? (Object.hasOwn(COMMAND_CHANGES, found) ? COMMAND_CHANGES[found] : undefined)
    : type === "unknown-flag" || type === "other-version"
    ? flagChange(found, path)
    : undefined;
  if (change === undefined) return undefined;
  return applies(change, version) ? changeFinding(place, found, change) : "none";
}

/** Flags that kubectl still has and nobody should write any more. */
export function agingFlags({ path, flags }: KubectlCommand, words: readonly ShellWord[], version?: string): Finding[] {
  return [...flags.keys()].flatMap((flag) => {
    const change = flagChange(`--${flag}`, path);
    const word = words.find(({ value }) => value === `--${flag}` || value.startsWith(`--${flag}=`));
    if (change === undefined || change.fails || word === undefined || !applies(change, version)) return [];
    return [changeFinding({ line: word.line, column: word.column }, `--${flag}`, change)];
  });
}

/** What a kubectl command as a whole shows, and commands that a version does not have yet. */
export function habitFindings(command: KubectlCommand, words: readonly ShellWord[], version?: string): Finding[] {
  const place = words[0];
  if (place === undefined) return [];
  // The strictest comes first: what is refused is out of use as well.
  const habit = COMMAND_HABITS.find((one) => one.is(command) && applies(one, version));
  const since = Object.hasOwn(SINCE, command.path) ? SINCE[command.path] : undefined;
  const isTooNew = since !== undefined && version !== undefined && compareVersions(version, since) < 0;
  return [
    ...habit === undefined ? [] : [changeFinding({ line: place.line, column: place.column }, habit.found, habit)],
    ...isTooNew ? [tooNew(place, command.path, since)] : [],
  ];
}

function tooNew({ line, column }: ShellWord, path: string, since: string): Finding {
  return {
    line,
    column,
    rule: "other-version",
    severity: "warning",
    message: `kubectl ${path} is not in this version of kubectl`,
    explanation: {
      en: `kubectl ${path} came with Kubernetes ${since}.`,
      ko: `kubectl ${path} 명령은 쿠버네티스 ${since}에서 추가되었습니다.`,
    },
  };
}

/** Old words in a command. @param program as it is written: "./etcdctl" */
export function commandChanges(program: string, words: readonly ShellWord[], version: string | undefined): Finding[] {
  const name = baseName(program);
  const line = words.map(({ value }) => value).join(" ");
  const first = words[0];
  const habits = first === undefined ? [] : LINE_CHANGES
    .filter((change) => change.program.test(name) && change.word.test(line) && applies(change, version))
    .map((change) => changeFinding(first, `${name} ${change.word.exec(line)![0]}`, change));
  const own = words.filter(({ value }) => value.length < 500).flatMap((word) =>
    WORD_CHANGES.filter(({ program: of }) => of === undefined || of.test(name)).flatMap((change) => {
      const found = change.word.exec(word.value);
      if (found === null || !applies(change, version)) return [];
      return [changeFinding({ line: word.line, column: word.column }, found[0], change)];
    })
  );
  return [...habits, ...own];
}

/** Old words in a manifest. */
export function yamlChanges(lines: readonly CodeLine[], version: string | undefined): Finding[] {
  return lines.filter(({ text }) => text.length < 500).flatMap(({ text, line, column }) => {
    const content = text.replace(/(^|\s)#.*$/, "");
    return WORD_CHANGES.filter((change) => change.program === undefined && applies(change, version))
      .flatMap((change) => {
        const found = change.word.exec(content);
        return found === null ? [] : [changeFinding({ line, column: column + found.index }, found[0], change)];
      });
  });
}
