/**
 * Variables from a file in a volume, as an init container may have written it: KEY='value' line by line.
 *
 * Source: `pkg/kubelet/util/env/env_util.go`.
 */

/** @returns the value of a key, undefined where the file does not set it. @throws {Error} for what is no such file */
export function envFileValue(text: string, key: string): string | undefined {
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at].replace(/^[ \t]+/, "");
    if (line === "" || line.startsWith("#")) continue;
    const invalid = (why: string) => new Error(`invalid environment variable format at line ${at + 1}: ${why}`);
    const equals = line.indexOf("=");
    if (equals < 0) throw invalid("missing '='");
    const name = line.slice(0, equals);
    if (name.trim() === "") throw invalid("empty variable name");
    if (/[ \t]$/.test(name)) throw invalid("whitespace before '=' is not allowed");
    let rest = line.slice(equals + 1);
    // Nothing is assigned, as in a shell.
    if (/^[ \t]/.test(rest) || rest === "") {
      if (name === key) return undefined;
      continue;
    }
    if (!rest.startsWith("'")) throw invalid("value must be enclosed in single quotes");
    rest = rest.slice(1);
    while (!rest.includes("'")) {
      if (++at >= lines.length) throw new Error("invalid environment variable format: unclosed single quote");
      rest += `\n${lines[at]}`;
    }
    const end = rest.indexOf("'");
    if (!/^[ \t]*(#.*)?$/.test(rest.slice(end + 1))) throw invalid("unexpected content after closing quote");
    if (name === key && end > 0) return rest.slice(0, end);
  }
  return undefined;
}
