/** A sentence for people, in every language that Drydock speaks. The type makes a missing translation an error. */
export interface Text {
  readonly en: string;
  readonly ko: string;
}

export type Language = keyof Text;

/** The same words in every language: names, commands, what a server answered. */
export function verbatim(words: string): Text {
  return { en: words, ko: words };
}
