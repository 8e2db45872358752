/**
 * Programs that just-bash brings: text, files, archives. One instance serves all processes of a container, made when
 * the first of them is run; it sees the container's files and nothing else.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { Bash, type CustomCommand, defineCommand } from "just-bash";
import { bashFiles } from "../files/bash_files.ts";
import type { Machine } from "../machine.ts";
import { Process } from "../process.ts";
import { Collector, encodeText, NO_INPUT, textSource } from "../streams.ts";
import { type BusyTime, busyTime } from "./busy_time.ts";
import { readsInput } from "./input_readers.ts";
import { filtersLines, stopsAtFirst } from "./line_filters.ts";
import { type ProgramContext, readAll } from "./program.ts";
import { OWN_PROGRAMS, runProgram } from "./run.ts";

const instances = new WeakMap<Machine, Bash>();
/** Who called just-bash: it tells nothing of that to the programs that it runs. */
const callers = new AsyncLocalStorage<{ readonly context: ProgramContext; readonly busy: BusyTime }>();

/** Options that say what is so anyway: that lines are passed on as they come. */
const UNBUFFERED: Readonly<Record<string, readonly string[]>> = {
  grep: ["--line-buffered"],
  egrep: ["--line-buffered"],
  sed: ["-u", "--unbuffered"],
};

export async function runBorrowed(name: string, args: readonly string[], context: ProgramContext): Promise<number> {
  const given = args.filter((arg) => !UNBUFFERED[name]?.includes(arg));
  if (!readsInput(name, given)) return await call(name, given, "", context);
  if (filtersLines(name, given)) return await filter(name, given, context);
  return await call(name, given, await readAll(context), context);
}

/** Calls a program that looks at each line by itself with the lines that come, as they come. */
async function filter(name: string, args: readonly string[], context: ProgramContext): Promise<number> {
  const { process, stdin } = context;
  let code: number | undefined;
  let rest = "";
  for (;;) {
    const chunk = await process.wait(stdin.read());
    const newline = chunk?.lastIndexOf("\n") ?? -1;
    const lines = chunk === undefined ? rest : newline < 0 ? "" : rest + chunk.slice(0, newline + 1);
    rest = chunk === undefined ? "" : newline < 0 ? rest + chunk : chunk.slice(newline + 1);
    if (lines !== "" || (chunk === undefined && code === undefined)) {
      const status = await call(name, args, lines, context);
      // grep has found something if it has in any of the lines.
      code = status > 1 ? status : Math.min(code ?? status, status);
      if (status > 1 || (status === 0 && stopsAtFirst(name, args))) return status;
    }
    if (chunk === undefined) return code ?? 0;
    if (rest.length > NOTICED) process.use(rest.length);
    const pause = process.step();
    if (pause !== undefined) await pause;
  }
}

async function call(name: string, args: readonly string[], stdin: string, context: ProgramContext): Promise<number> {
  const { process, cwd, env } = context;
  const { machine } = process;
  const bash = instanceOf(machine);
  const abort = new AbortController();
  process.onExit(() => abort.abort());
  const pause = process.step(20);
  if (pause !== undefined) await pause;
  const busy = busyTime(machine.clock);
  const work = callers.run({ context, busy }, () =>
    bash.exec(name, {
      args: [...args],
      stdin,
      stdinKind: "bytes",
      cwd,
      env: { ...Object.fromEntries(env), PATH: "/bin" },
      replaceEnv: true,
      signal: abort.signal,
    }));
  const result = await process.wait(busy.during(work));
  if (result.stdout !== "") await context.stdout.write(encodeText(result.stdout));
  if (result.stderr !== "") {
    await context.stderr.write(encodeText(result.stderr.replaceAll(/^bash: /gm, `${context.shellName}: `)));
  }
  return result.exitCode;
}

function instanceOf(machine: Machine): Bash {
  let bash = instances.get(machine);
  if (bash !== undefined) return bash;
  bash = new Bash({
    fs: bashFiles(machine),
    // Its second line of defence changes globals of the whole program; there is no script of it that could reach them.
    defenseInDepth: false,
    customCommands: OWN_PROGRAMS.map((name) => bridge(name, machine)),
    processInfo: { pid: 1, ppid: 0, uid: machine.config.user ?? 0, gid: machine.config.user ?? 0 },
    executionLimits: {
      maxOutputSize: LARGEST,
      maxStringLength: LARGEST,
      maxLiveBytes: 2 * LARGEST,
      maxInputBytes: 2 * LARGEST,
      maxArchiveBytes: 2 * LARGEST,
      maxExecutionTimeMs: 30_000,
      maxLoopIterations: 1_000_000,
      maxSedIterations: 5_000,
    },
  });
  instances.set(machine, bash);
  return bash;
}

/** In bytes: so much is worked on in one go, in which nobody else has a turn. */
const LARGEST = 16 * 1024 * 1024;

/** Bytes of a line from which on its reader's memory counts. */
const NOTICED = 1 << 20;

/** Lets `find -exec` run our programs. */
function bridge(name: string, machine: Machine): CustomCommand {
  return defineCommand(name, async (args, { stdin, cwd }) => {
    const { context, busy } = callers.getStore()!;
    const [stdout, stderr] = [new Collector(LARGEST), new Collector(LARGEST)];
    let process: Process;
    try {
      process = new Process(machine, { parent: context.process, argv: [name, ...args] });
    } catch (error) {
      return { stdout: "", stderr: `${(error as Error).message}\n`, exitCode: 2 };
    }
    const bytes = stdin as unknown as string;
    const exitCode = await busy.except(process.begin(() =>
      runProgram([name, ...args], {
        process,
        env: context.env,
        cwd,
        shellName: "sh",
        stdin: bytes === "" ? NO_INPUT : textSource(bytes),
        stdout,
        stderr,
      })
    ));
    return { stdout: stdout.bytes, stderr: stderr.text, exitCode, stdoutKind: "bytes" as const };
  });
}
