/** nginx's configuration language: directives that end with a semicolon or hold a block of others. */

export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block?: readonly Directive[];
  readonly line: number;
  /** The file that it is in. */
  readonly file: string;
}

/** What nginx says of a configuration that it cannot use; without the "[emerg]" before it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
}

/** @throws {ConfigError} */
export function parseConfig(text: string, file: string): readonly Directive[] {
  const tokens = tokenize(text, file);
  let at = 0;
  const block = (depth: number): Directive[] => {
    const directives: Directive[] = [];
    while (at < tokens.length) {
      const { text: name, quoted, line } = tokens[at++];
      if (!quoted && name === "}") {
        if (depth === 0) throw new ConfigError(`unexpected "}" in ${file}:${line}`);
        return directives;
      }
      const args: string[] = [];
      for (;;) {
        const next = tokens[at++];
        if (next === undefined) {
          throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${file}:${tokens.at(-1)!.line + 1}`);
        }
        if (!next.quoted && next.text === ";") {
          directives.push({ name, args, line, file });
          break;
        }
        if (!next.quoted && next.text === "{") {
          directives.push({ name, args, line, file, block: block(depth + 1) });
          break;
        }
        if (!next.quoted && next.text === "}") {
          throw new ConfigError(`unexpected "}" in ${file}:${next.line}`);
        }
        args.push(next.text);
      }
    }
    if (depth > 0) {
      throw new ConfigError(`unexpected end of file, expecting "}" in ${file}:${text.split("\n").length}`);
    }
    return directives;
  };
  return block(0);
}

function tokenize(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /(\n)|[ \t\r]+|#[^\n]*|"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'|([{};])|((?:\$\{|[^\s{};"'])(?:\$\{[^}]*\}|[^\s{};])*)|(["'])/gy;
  let line = 1;
  for (const match of text.matchAll(pattern)) {
    const [all, newline, double, single, mark, word, open] = match;
    if (open !== undefined) throw new ConfigError(`unexpected end of file, expecting "${open}" in ${file}:${line}`);
    if (newline !== undefined) line++;
    else if (double !== undefined || single !== undefined) {
      tokens.push({ text: (double ?? single).replaceAll(/\\([^])/g, unescape), quoted: true, line });
      line += all.split("\n").length - 1;
    } else if (mark !== undefined || word !== undefined) tokens.push({ text: mark ?? word, quoted: false, line });
  }
  return tokens;
}

const unescape = (_: string, character: string) => ({ n: "\n", t: "\t", r: "\r" })[character] ?? character;

/** The directives of a name. */
export const all = (directives: readonly Directive[] | undefined, name: string): readonly Directive[] =>
  (directives ?? []).filter((directive) => directive.name === name);

/** The first argument of the last directive of a name. */
export const value = (directives: readonly Directive[] | undefined, name: string): string | undefined =>
  all(directives, name).at(-1)?.args[0];
