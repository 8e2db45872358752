/** What is found in a note, with its place and, where it can be known, the mend. */
import type { Text } from "../../cluster/text.ts";
import type { Place } from "./yaml_documents.ts";

/** Which check found it; ignores and reports name it. */
export type Rule =
  | "yaml-syntax"
  | "unknown-field"
  | "duplicate-field"
  | "wrong-type"
  | "invalid-value"
  | "api-version"
  | "refused"
  | "shell-syntax"
  | "unknown-command"
  | "unknown-flag"
  | "flag-value"
  | "unknown-resource"
  | "unknown-name"
  | "unknown-program"
  | "taint-effect"
  | "other-version"
  | "command-failed"
  | "output"
  | "directive";

export interface Finding extends Place {
  readonly rule: Rule;
  /** An error is certain; a warning depends on what the note leaves open. */
  readonly severity: "error" | "warning";
  /** In the words of the server or of kubectl. */
  readonly message: string;
  /** What it means, in plain words. */
  readonly explanation: Text;
  readonly mend?: Mend;
}

export interface Mend {
  readonly text: Text;
  /** The change that makes it right, where one is enough. */
  readonly edit?: Edit;
}

/** Replaces the characters from `column` on, `length` of them, on a line of the note. */
export interface Edit extends Place {
  readonly length: number;
  readonly replacement: string;
}

/** What could not be checked, and why: silence is not health. */
export interface Unchecked extends Place {
  readonly reason: Text;
}

export interface Counted {
  /** Sent to a cluster, or run. */
  readonly verified: number;
  /** Read, and nothing certain found. */
  readonly parsed: number;
  /** Needs what is not here: a node's shell, another tool. */
  readonly notCheckable: number;
}
