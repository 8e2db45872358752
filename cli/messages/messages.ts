/** The catalogue of what commands say. A language that lacks a message does not type-check. */
import type { Language, Text } from "../../cluster/text.ts";
import { en, type Messages } from "./en.ts";
import { ko } from "./ko.ts";

export type { Messages };

export const MESSAGES: Readonly<Record<Language, Messages>> = { en, ko };

/** A message in every language, for errors that are shown elsewhere. */
export function message(choose: (messages: Messages) => string): Text {
  return { en: choose(en), ko: choose(ko) };
}
