/** What a builtin is: a function of the shell's own, given its words and the files that are open for it. */
import { encodeText } from "../../streams.ts";
import type { Shell } from "../interpreter.ts";
import type { Descriptors } from "../state.ts";

export interface BuiltinCall {
  /** The words after the name. */
  readonly args: readonly string[];
  readonly shell: Shell;
  readonly open: Descriptors;
  /** Without the call's own redirections. */
  readonly outer: Descriptors;
}

/** @returns the status. @throws {Exit} {@linkcode Return} and {@linkcode LoopControl}, which are how the shell goes on */
export type Builtin = (call: BuiltinCall) => number | Promise<number>;

/** Writes to the call's standard output. */
export const print = async ({ open }: BuiltinCall, text: string): Promise<void> =>
  void await open.get(1)?.sink?.write(encodeText(text));

/** Says on its standard error what is wrong, with the shell's name. */
export const complain = ({ shell, open }: BuiltinCall, text: string): Promise<void> => shell.complain(text, open);
