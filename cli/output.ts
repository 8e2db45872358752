/** What commands print with: sentences in the person's language, or one JSON value for programs. */
import process from "node:process";
import { styleText } from "node:util";
import type { Language, Text } from "../cluster/text.ts";

type Style = Parameters<typeof styleText>[0];

export interface Output {
  readonly language: Language;
  /** Whether a program reads: then nothing but one JSON value goes to standard output. */
  readonly json: boolean;
  /** A line on standard output; nothing where a program reads. */
  line(text?: Text | string): void;
  /** A line about what goes on, on standard error. */
  note(text: Text | string): void;
  /** The result for programs; nothing where a person reads. */
  data(value: unknown): void;
  /** The sentence in the person's language. */
  say(text: Text): string;
  /** Styled where standard output is a terminal and NO_COLOR is not set. */
  style(style: Style, text: string): string;
}

/** Writes lines for people, or data alone where `json` is set; notes go to standard error. */
export function output(language: Language, json: boolean): Output {
  const say = (text: Text) => text[language];
  const words = (text: Text | string) => typeof text === "string" ? text : say(text);
  return {
    language,
    json,
    say,
    line(text = "") {
      if (!json) process.stdout.write(words(text) + "\n");
    },
    note: (text) => void process.stderr.write(words(text) + "\n"),
    data(value) {
      if (json) process.stdout.write(JSON.stringify(value, null, 2) + "\n");
    },
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
  };
}
