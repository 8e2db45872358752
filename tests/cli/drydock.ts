/** Runs the command line as a person does: in a process of its own, with a state folder and a kubeconfig of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../temporary_folder.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Person {
  readonly state: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `drydock` with these arguments. */
  drydock(...args: readonly string[]): Promise<Ran>;
  /** The same, with a folder, an input, variables of the environment, and a signal after a line of standard error. */
  drydockWith(args: readonly string[], more: {
    readonly cwd?: string;
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly interruptAfter?: { readonly text: RegExp; readonly signal: NodeJS.Signals };
  }): Promise<Ran>;
}

/** Somebody who has never used Drydock on this machine, and has no kubeconfig. */
export async function newPerson(): Promise<Person> {
  const state = await temporaryFolder();
  const env = { DRYDOCK_STATE: state, KUBECONFIG: join(state, "none"), LANG: "C", LC_ALL: "C", NO_COLOR: "1" };
  const drydockWith: Person["drydockWith"] = (args, { cwd, stdin, env: more = {}, interruptAfter } = {}) =>
    new Promise((resolve) => {
      const command = ["run", "--quiet", "--allow-all", MAIN, ...args];
      const child = spawn(process.execPath, command, { cwd, env: { ...process.env, ...env, ...more } });
      if (stdin !== undefined) child.stdin.end(stdin);
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => stdout += chunk);
      let interrupted = false;
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
        if (interrupted || !interruptAfter?.text.test(stderr)) return;
        interrupted = true;
        // Deno's child.kill() takes the signal for the end, whatever the program makes of it.
        process.kill(child.pid!, interruptAfter.signal);
      });
      child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    });
  return { state, env, drydockWith, drydock: (...args) => drydockWith(args, {}) };
}
