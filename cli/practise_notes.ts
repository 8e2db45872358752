/** Shows, section by section, the exercises that practise what notes are about. */
import { type Practice, practised } from "../checks/notes/practise.ts";
import type { Catalogue } from "../exercises/catalogue.ts";
import { readNoteFile } from "./check_notes.ts";
import type { Output } from "./output.ts";

/** @throws {Problem} for a file that cannot be read */
export async function practiseNotes(
  files: readonly string[],
  { exercises }: Catalogue,
  out: Output,
  nothing: string,
): Promise<void> {
  const practices: Practice[] = exercises.map(({ id, notes, checks }) => ({
    id,
    words: [...notes, ...kindsOf(checks)],
  }));
  const titles = new Map(exercises.map(({ id, title }) => [id, title]));
  const notes = [];
  for (const file of files) {
    notes.push({ file, sections: practised(await readNoteFile(file), practices) });
  }
  out.data({ notes });
  for (const { file, sections } of notes) {
    for (const { title, line, exercises } of sections) {
      out.line(`${out.style("bold", `${file}:${line}`)} ${title}`);
      for (const id of exercises) out.line(`  drydock start ${id.padEnd(26)} ${out.say(titles.get(id)!)}`);
    }
  }
  if (notes.every(({ sections }) => sections.length === 0)) out.note(nothing);
}

/** The kinds that checks look at, wherever they name them. */
function kindsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) =>
    name === "kind" && typeof inside === "string" ? [inside] : kindsOf(inside)
  );
}
