/** What a block of code is: manifests, commands, or something that this checker does not read. */
import type { CodeBlock } from "./markdown.ts";
import { isKnownProgram, misspeltProgram } from "./programs.ts";
import { hasPrompt } from "./prompt.ts";

export type BlockKind = "yaml" | "shell" | "other";

const LANGUAGES: Readonly<Record<string, BlockKind>> = {
  yaml: "yaml",
  yml: "yaml",
  json: "yaml",
  bash: "shell",
  sh: "shell",
  shell: "shell",
  zsh: "shell",
  console: "shell",
  terminal: "shell",
  "shell-session": "shell",
  shellsession: "shell",
};

/** Languages in which people leave anything. */
const UNSAID = new Set(["", "text", "txt", "plaintext", "plain", "kubernetes", "k8s"]);

/** The block's language decides; where it says nothing, its lines do. */
export function classify({ language, lines }: CodeBlock): BlockKind {
  const said = LANGUAGES[language];
  const texts = lines.map(({ text }) => text).filter((text) => text.trim() !== "");
  // A block marked as a shell's that holds a manifest is a slip of the marker.
  if (said === "shell") return looksLikeManifest(texts) && !texts.some(looksLikeCommand) ? "yaml" : "shell";
  if (said === "yaml") return texts.length > 0 && texts.every(looksLikeCommand) ? "shell" : "yaml";
  if (!UNSAID.has(language)) return "other";
  if (texts.some((text) => looksLikeCommand(text) && text.includes("<<"))) return "shell";
  if (looksLikeManifest(texts)) return "yaml";
  if (texts.some(looksLikeCommand)) return "shell";
  return looksLikeFields(texts) ? "yaml" : "other";
}

function looksLikeManifest(texts: readonly string[]): boolean {
  return texts.some((text) => /^\s*(- )?(apiVersion|kind)\s*:(\s|$)/.test(text));
}

function looksLikeCommand(text: string): boolean {
  if (hasPrompt(text)) return true;
  const [program] = text.trim().replace(/^(sudo|time|watch)\s+(-\S+\s+)*/, "").split(/\s+/);
  if (/^\S+:(\s|$)/.test(text.trim())) return false;
  return isKnownProgram(program) || (/\s/.test(text.trim()) && misspeltProgram(program) !== undefined);
}

/** Mostly `name: value`, `name:` and list items, as YAML has them; prose and command output are not. */
function looksLikeFields(texts: readonly string[]): boolean {
  const fields = texts.filter((text) => /^\s*(- )*[A-Za-z][\w./-]*:(\s|$)/.test(text) || /^\s*- \S/.test(text));
  const named = texts.filter((text) => /^\s*(- )*[a-z][A-Za-z]*:(\s|$)/.test(text));
  return named.length > 0 && fields.length >= 0.8 * texts.filter((text) => !/^\s*#/.test(text)).length;
}
