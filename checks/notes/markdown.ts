/** Finds the code in a Markdown note, with the place of every line in the file. */
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Code, Html, Node, Parent, RootContent } from "mdast";

/** A fenced or indented block of code. */
export interface CodeBlock {
  /** The word after the fence in lower case, "yaml"; "" when there is none. */
  readonly language: string;
  /** The rest of the fence's line. */
  readonly meta: string;
  readonly lines: readonly CodeLine[];
  /** Where the block begins: the fence, or the first line of indented code. */
  readonly line: number;
  /** The headings above it, from the outermost in. */
  readonly headings: readonly string[];
  /** A directive in the comment right above it: `<!-- drydock: skip reason="…" -->`. */
  readonly directive?: string;
  /** The text right above it, which often says what the block is. */
  readonly lead: string;
}

export interface CodeLine {
  readonly text: string;
  /** The line in the file, from 1. */
  readonly line: number;
  /** The column in the file of the text's first character, from 1. */
  readonly column: number;
}

export interface Note {
  readonly blocks: readonly CodeBlock[];
  /** The headings in order, with their level and line. */
  readonly sections: readonly Section[];
  /** What stands between `---` lines at the top, and what directives the note gives for itself. */
  readonly frontMatter: string;
  readonly directives: readonly { readonly text: string; readonly line: number }[];
}

export interface Section {
  readonly title: string;
  readonly level: number;
  readonly line: number;
}

/** Lines longer than this are data, not notes; the parser would take minutes over them. */
const LONGEST_LINE = 20_000;

/** @param source the note's text; its line ends may be of any system */
export function readNote(source: string): Note {
  // A byte order mark is no letter of the first line; the columns of that line, which nobody writes code in, move by it.
  const original = source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
  const sourceLines = original.map((line) => line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line);
  const front = frontMatterEnd(sourceLines);
  // Blank lines in place of the front matter keep the numbers of the others.
  const body = sourceLines.map((line, i) => i < front ? "" : line).join("\n");
  const tree = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const walk = new Walk(sourceLines);
  walk.visit(tree);
  return {
    blocks: walk.blocks,
    sections: walk.sections,
    directives: walk.directives,
    frontMatter: sourceLines.slice(1, Math.max(1, front - 1)).join("\n"),
  };
}

/** How many lines the front matter takes, with its marks. */
function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== "---") return 0;
  const end = lines.findIndex((line, i) => i > 0 && line.trimEnd() === "---");
  return end < 0 ? 0 : end + 1;
}

/** `<!-- drydock: skip -->` → "skip" */
function directiveOf(html: string): string | undefined {
  return /^<!--\s*drydock:\s*([\s\S]*?)\s*-->$/.exec(html.trim())?.[1];
}

class Walk {
  readonly blocks: CodeBlock[] = [];
  readonly sections: Section[] = [];
  readonly directives: { text: string; line: number }[] = [];
  #headings: { readonly level: number; readonly title: string }[] = [];

  constructor(readonly lines: readonly string[]) {}

  visit(node: Node): void {
    const children = (node as Parent).children ?? [];
    children.forEach((child, i) => {
      if (child.type === "heading") {
        const title = textOf(child);
        this.#headings = [...this.#headings.filter(({ level }) => level < child.depth), { level: child.depth, title }];
        this.sections.push({ title, level: child.depth, line: child.position!.start.line });
      } else if (child.type === "code") this.#addBlock(child, children, i);
      else if (child.type === "html") this.#addDirective(child, children[i + 1]);
      else this.visit(child);
    });
  }

  #addDirective(html: Html, next: RootContent | undefined): void {
    const text = directiveOf(html.value);
    if (text !== undefined && next?.type !== "code") this.directives.push({ text, line: html.position!.start.line });
  }

  #addBlock(code: Code, siblings: readonly RootContent[], i: number): void {
    const { start } = code.position!;
    const isFenced = /^(```|~~~)/.test(this.lines[start.line - 1].slice(start.column - 1));
    const first = isFenced ? start.line + 1 : start.line;
    const before = siblings[i - 1];
    const directive = before?.type === "html" ? directiveOf(before.value) : undefined;
    const lead = directive === undefined ? before : siblings[i - 2];
    const texts = code.value === "" ? [] : code.value.split("\n");
    this.blocks.push({
      language: (code.lang ?? "").toLowerCase(),
      meta: code.meta ?? "",
      line: start.line,
      headings: this.#headings.map(({ title }) => title),
      lead: lead === undefined || lead.type === "code" ? "" : textOf(lead),
      ...directive === undefined ? {} : { directive },
      lines: texts.map((text, at) => this.#place(text, first + at)),
    });
  }

  /** Markdown takes quotation marks and indentation off a line's front, never anything off its end. */
  #place(text: string, line: number): CodeLine {
    const source = this.lines[line - 1] ?? "";
    return { text, line, column: source.endsWith(text) ? source.length - text.length + 1 : 1 };
  }
}

function textOf(node: Node): string {
  if ("value" in node) return String(node.value);
  return ((node as Parent).children ?? []).map(textOf).join("");
}
