/** What a failure of kubectl says about the note: a mistake, or only that something is not there. */
import type { KubectlCommand } from "./command_line.ts";

export type Failure =
  /** The command is wrong wherever it is run. */
  | { readonly is: "mistake"; readonly message: string }
  /** The server took it, and would have done it if it had not been done before. */
  | { readonly is: "done" }
  /** It needs what the note never made, or what this cluster cannot do. */
  | { readonly is: "unknown"; readonly message: string };

/** Mistakes in how the command is written; kubectl sees them before it asks the server. */
const USAGE = [
  // Some versions log this instead of printing it.
  /required flag\(s\) .* not set/,
  /^error: exactly one (NAME|resource)/m,
  /^error: (you must specify|must specify|must be specified|at least one|one or more resources must be)/m,
  /^error: (name cannot be provided|cannot specify both|only one of|there is no need to specify)/m,
  /^error: (expected|invalid argument|invalid label (value|key)|invalid literal source|invalid taint|unknown output format)/m,
  /^error: (--\S+ .*(required|invalid|must|cannot)|.*mutually exclusive|.* is required for)/m,
  /^error: (NAME is required|couldn't parse|all resources must be specified|either \S+ or \S+ must be)/m,
  /^error: (required resource not specified|not enough information provided|exec \[POD\] \[COMMAND\] is not)/m,
];

/** Commands whose objects the server judges. */
const WRITES = /^(create|run|expose|autoscale|set|label|annotate|taint|scale)\b/;

/** What depends on what is there, and so perhaps not on the note. */
const OF_THE_STATE = /immutable|already allocated|already exists|may not change|forbidden|Conflict|not found|exceeded/i;

/**
 * @param fromFile the objects are a manifest's, which is checked by itself
 */
export function failureOf({ path, args, flags }: KubectlCommand, stderr: string, fromFile: boolean): Failure {
  const message = messageOf(stderr);
  if (/\(AlreadyExists\)|already exists$/m.test(stderr)) return { is: "done" };
  // A command that stands alone is named, not used.
  if (args.length + flags.size === 0) return { is: "unknown", message };
  if (USAGE.some((pattern) => pattern.test(stderr))) return { is: "mistake", message };
  if (fromFile || !WRITES.test(path) || OF_THE_STATE.test(stderr)) return { is: "unknown", message };
  if (/^The \S+ "[^"]*" is invalid: /m.test(stderr)) return { is: "mistake", message };
  if (/^Error from server \(BadRequest\): /m.test(stderr)) return { is: "mistake", message };
  return { is: "unknown", message };
}

function messageOf(stderr: string): string {
  const logged = /^[EF]\d{4} .*"command failed" err="((?:[^"\\]|\\.)*)"/m.exec(stderr)?.[1];
  if (logged !== undefined) return `error: ${logged.replaceAll("\\", "")}`;
  const lines = stderr.split("\n");
  return lines.find((line) => /^(error|Error|The )/.test(line)) ?? lines[0];
}
