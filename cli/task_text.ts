/** A task for the terminal: its Markdown as it is, with what stands in backquotes made to stand out. */
import type { Exercise } from "../exercises/exercise.ts";
import type { Output } from "./output.ts";

export function taskText({ id, title, task }: Exercise, out: Output): string {
  const body = out.say(task).replace(/`([^`\n]+)`/g, (quoted) => out.style("cyan", quoted));
  return `${out.style("bold", `${out.say(title)} (${id})`)}\n\n${body}\n`;
}
