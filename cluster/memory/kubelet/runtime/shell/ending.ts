/** What it means for a shell that something was thrown. */
import { FileError } from "../files/entry.ts";
import { BrokenPipe } from "../streams.ts";
import { RedirectError } from "./redirect.ts";
import { Exit, LoopControl, ReadOnlyVariable, Return } from "./state.ts";
import { TestError } from "./test_command.ts";

export interface Ending {
  /** The status; the last command's unless given. */
  readonly code?: number;
  /** What is said. */
  readonly problem?: string;
}

/** @throws what is none of the shell's */
export function endingOf(error: unknown): Ending {
  if (error instanceof Exit) return { code: error.code, problem: error.problem };
  if (error instanceof Return || error instanceof LoopControl) return {};
  if (error instanceof BrokenPipe) return { code: 141 };
  if (error instanceof FileError) return { code: 1, problem: error.reason };
  if (error instanceof ReadOnlyVariable || error instanceof TestError || error instanceof RedirectError) {
    return { code: 2, problem: error.message };
  }
  throw error;
}
