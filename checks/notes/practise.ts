/** Finds the exercises that practise what a section of a note is about. */
import { readNote } from "./markdown.ts";

/** What an exercise is about. */
export interface Practice {
  readonly id: string;
  /** Words by which notes find it: "deployment", "디플로이먼트". */
  readonly words: readonly string[];
}

export interface PractisedSection {
  readonly title: string;
  readonly line: number;
  /** The exercises' ids, the nearest first. */
  readonly exercises: readonly string[];
}

/** Exercises that one section gets. */
const MOST = 3;

/** Below this an exercise only shares some words with the section. */
const ENOUGH = 4;

/** How much more a word in the heading says than one in the text. */
const IN_TITLE = 3;

/**
 * The sections of a note that some exercise practises. A word that few exercises have says more than one of all.
 *
 * @param source the note's text
 */
export function practised(source: string, practices: readonly Practice[]): PractisedSection[] {
  const lines = source.split(/\r\n|\r|\n/).map((line) => line.slice(0, 2000));
  const { sections } = readNote(source);
  const weights = weigh(practices);
  return sections.flatMap(({ title, line }, i) => {
    const end = sections[i + 1]?.line ?? lines.length + 1;
    const text = lines.slice(line, end - 1).join("\n").toLowerCase();
    const heading = title.toLowerCase();
    const found = practices.map(({ id, words }) => ({ id, score: score(words, heading, text, weights) }))
      .filter(({ score }) => score >= ENOUGH)
      .sort((a, b) => b.score - a.score);
    return found.length === 0 ? [] : [{ title, line, exercises: found.slice(0, MOST).map(({ id }) => id) }];
  });
}

function weigh(practices: readonly Practice[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of practices) {
    for (const word of unique(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return new Map([...counts].map(([word, count]) => [word, Math.log2(1 + practices.length / count)]));
}

const unique = (words: readonly string[]): ReadonlySet<string> => new Set(words.map((word) => word.toLowerCase()));

function score(
  words: readonly string[],
  heading: string,
  text: string,
  weights: ReadonlyMap<string, number>,
): number {
  let sum = 0;
  for (const word of unique(words)) {
    const times = (stands(word, heading) ? IN_TITLE : 0) + (stands(word, text) ? 1 : 0);
    sum += times * weights.get(word)!;
  }
  // A long text has some word of everything: without the heading, more than one word must agree.
  return [...unique(words)].some((word) => stands(word, heading)) ? sum : sum / 2;
}

/** Whether a word stands in a text, in the plural too. Korean words carry their particles behind them. */
function stands(word: string, text: string): boolean {
  if (/[가-힣]/.test(word)) return text.includes(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? " ", text.slice(at + word.length, at + word.length + 3)];
    if (!/[a-z0-9]/.test(before) && /^(s|es)?([^a-z0-9]|$)/.test(after)) return true;
  }
  return false;
}
