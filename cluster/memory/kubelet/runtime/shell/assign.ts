/** Assignments: `x=1`, `x+=1`, `x=(a b)`, `x[1]=c`; and what a job is called. */
import type { Assignment, Statement } from "unbash";
import { type Expander, expandText, expandWords } from "./expand.ts";

/** The value as one text. */
export async function assignedText({ value }: Assignment, shell: Expander): Promise<string> {
  return value.type === "Word" ? await expandText(value, shell) : (await expandWords(value.elements, shell)).join(" ");
}

const WORDS_A_STEP = 50;

/** @throws {ReadOnlyVariable} */
export async function assign({ name, value, append, index }: Assignment, shell: Expander): Promise<void> {
  const { state } = shell;
  const before = state.variables.get(name)?.value;
  const list = Array.isArray(before) ? [...before] : before === undefined ? [] : [before];
  // Lists are copied.
  const pause = state.process.step(Math.ceil(list.length / WORDS_A_STEP));
  if (pause !== undefined) await pause;
  if (value.type === "ArrayValue") {
    const elements = await expandWords(value.elements, shell);
    return state.set(name, append ? [...list, ...elements] : elements);
  }
  const text = await expandText(value, shell);
  if (index !== undefined) {
    list[Number(await expandText(index, shell))] = text;
    return state.set(name, Array.from(list, (one) => one ?? ""));
  }
  state.set(name, append ? `${state.get(name) ?? ""}${text}` : text);
}

/** A command as `jobs` shows it. */
export function jobText(command: Statement["command"] | { readonly type: string }): string {
  if (command.type !== "Command" || !("args" in command)) return command.type.toLowerCase();
  return [command.name?.text, ...command.args.map(({ text }) => text)].join(" ");
}
