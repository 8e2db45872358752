/** Programs with which people look at files, and those of them that would want a whole screen. */
import { FLOWING } from "./flowing.ts";
import { fail, type Program } from "./program.ts";

/** `less` and `more`: all at once, as they do where their output is no terminal. */
const pager: Program = (args, context) => FLOWING.cat(args.filter((arg) => !/^[-+]./.test(arg)), context);

/** An editor would take over the terminal. What helps instead is said. */
const editor = (name: string): Program => (args, context) =>
  fail(
    context,
    `${name}: editing on the screen is not simulated in this container; write the file instead: ` +
      `cat > ${args.find((arg) => !arg.startsWith("-")) ?? "FILE"} <<EOF`,
  );

export const VIEWING: Readonly<Record<string, Program>> = {
  less: pager,
  more: pager,
  vi: editor("vi"),
  vim: editor("vim"),
  nano: editor("nano"),
};
