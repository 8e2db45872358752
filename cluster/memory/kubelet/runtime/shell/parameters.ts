/** The values of parameters: variables, positional ones, and those that the shell keeps itself. */
import type { ShellState } from "./state.ts";

/** What joins the positional parameters in `"$*"`. */
export const separator = (state: ShellState) => (state.get("IFS") ?? " ").slice(0, 1);

/** A parameter's value, undefined where it is not set. */
export function lookUp(name: string, state: ShellState): string | undefined {
  switch (name) {
    case "?":
      return String(state.status);
    case "#":
      return String(state.positional.length);
    case "$":
      return String(state.process.pid);
    case "!":
      return state.lastBackground === undefined ? undefined : String(state.lastBackground);
    case "0":
      return state.name;
    case "-":
      return Object.entries({
        e: state.options.errexit,
        u: state.options.nounset,
        x: state.options.xtrace,
        i: state.interactive,
      })
        .filter(([, on]) => on).map(([letter]) => letter).join("");
    case "RANDOM":
      return String(Math.floor(state.process.machine.clock.random() * 32768));
    case "SECONDS":
      return String(Math.floor((state.process.machine.clock.now() - state.process.startedAt) / 1000));
    case "PWD":
      return state.cwd;
    case "*":
    case "@":
      return state.positional.length === 0 ? undefined : state.positional.join(" ");
  }
  return /^\d+$/.test(name) ? state.positional[Number(name) - 1] : state.get(name);
}
