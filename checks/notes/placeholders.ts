/**
 * Placeholders such as `<pod name>` and `{{pod}}`: the shell would take their marks for redirections and braces, so they
 * are hidden from its grammar.
 */

/** Characters that stand for the marks of a placeholder while the shell's grammar is read; one for one. */
const HIDDEN = {
  "<": "\uE000",
  ">": "\uE001",
  " ": "\uE002",
  "{": "\uE003",
  "}": "\uE004",
  "(": "\uE005",
  ")": "\uE006",
};
const SHOWN = Object.fromEntries(Object.entries(HIDDEN).map(([shown, hidden]) => [hidden, shown]));

/** `<pod name>`, `<파드명>`, `{{pod}}`; not `<<EOF`, nor a redirection such as `< file > other`. */
const PLACEHOLDER = /(?<![<\w])<[^\s<>|&;=$"'`][^<>|&;\n"'`]{0,60}>|\{\{[^{}\n]{1,60}\}\}/g;

/** The text with every placeholder's marks replaced, character by character. */
export function hidePlaceholders(text: string): string {
  return text.replace(
    PLACEHOLDER,
    (placeholder) => placeholder.replace(/[<> {}()]/g, (mark) => HIDDEN[mark as keyof typeof HIDDEN]),
  );
}

/** The text as it stood before. */
export const showPlaceholders = (text: string): string => text.replace(/[\uE000-\uE006]/g, (mark) => SHOWN[mark]);
export const hasPlaceholder = (text: string): boolean => /[\uE000-\uE006]/.test(text);
