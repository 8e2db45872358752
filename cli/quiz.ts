/** Reads a note and makes a quiz of what is right in it. */
import { checkNote } from "../checks/notes/check_note.ts";
import { newCommandContext } from "../checks/notes/command_context.ts";
import type { ResourceNames } from "../checks/notes/quiz/answer.ts";
import { type Question, questionsOf } from "../checks/notes/quiz/questions.ts";
import { resourceNames } from "../checks/notes/resources.ts";
import { inProcessCluster } from "../cluster/in_process.ts";
import { readNoteFile } from "./check_notes.ts";

export interface Quiz {
  readonly questions: readonly Question[];
  readonly resources: ResourceNames;
}

/** @throws {Problem} for a file that cannot be read */
export async function quizOf(file: string): Promise<Quiz> {
  const source = await readNoteFile(file);
  await using cluster = await inProcessCluster();
  // Nobody learns what is wrong.
  const { findings } = await checkNote(file, source, cluster);
  const context = await newCommandContext();
  return { questions: questionsOf(source, context, findings), resources: await resourceNames() };
}
