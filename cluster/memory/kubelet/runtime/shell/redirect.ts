/** Opens what redirections name. */
import type { Redirection } from "unbash";
import { bytesOf, FileError } from "../files/entry.ts";
import { endless, fileSink } from "../files/file_streams.ts";
import { normalize } from "../files/file_system.ts";
import { encodeText, fromBytes, NO_INPUT, NOWHERE, type Sink, type Source, textSource } from "../streams.ts";
import { type Expander, expandParts, expandText } from "./expand.ts";
import type { Descriptors } from "./state.ts";

/** Why a file cannot be opened: "can't create /x: Read-only file system". */
export class RedirectError extends Error {
  override readonly name = "RedirectError";
}

/** The descriptors of a command after its redirections, from left to right. @throws {RedirectError} */
export async function redirect(
  redirects: readonly Redirection[],
  given: Descriptors,
  shell: Expander,
): Promise<Descriptors> {
  if (redirects.length === 0) return given;
  const open = new Map(given);
  for (const one of redirects) {
    const number = one.descriptor?.type === "FileDescriptor" ? one.descriptor.value : undefined;
    if (one.type === "HereString") {
      open.set(number ?? 0, { source: textSource(encodeText(`${await expandText(one.target, shell)}\n`)) });
      continue;
    }
    if (one.type === "HereDoc") {
      const { body, delimiter } = one;
      const text = body.parts === undefined || delimiter?.quoted ? body.text : await expandParts(body.parts, shell);
      open.set(number ?? 0, { source: textSource(encodeText(text)) });
      continue;
    }
    const target = await expandText(one.target, shell);
    switch (one.operator) {
      case "<":
        open.set(number ?? 0, { source: openSource(target, open, shell) });
        break;
      case "<>":
        open.set(number ?? 0, { source: openSource(target, open, shell), sink: openSink(target, true, open, shell) });
        break;
      case ">&":
      case "<&": {
        const from = number ?? (one.operator === ">&" ? 1 : 0);
        if (target === "-") open.delete(from);
        else if (/^\d+$/.test(target)) {
          const other = open.get(Number(target));
          if (other === undefined) throw new RedirectError(`${target}: Bad file descriptor`);
          open.set(from, other);
        } else {
          const sink = openSink(target, false, open, shell);
          open.set(1, { sink });
          open.set(2, { sink });
        }
        break;
      }
      case "&>":
      case "&>>": {
        const sink = openSink(target, one.operator === "&>>", open, shell);
        open.set(1, { sink });
        open.set(2, { sink });
        break;
      }
      default:
        open.set(number ?? 1, { sink: openSink(target, one.operator === ">>", open, shell) });
    }
  }
  return open;
}

/** The device behind a path: an open file of the process itself, or of the container's first. */
function descriptorOf(path: string): number | undefined {
  const names: Readonly<Record<string, number>> = { "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 };
  const match = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path);
  return names[path] ?? (match === null ? undefined : Number(match[1]));
}

const containerStream = (path: string) => /^\/proc\/1\/fd\/([12])$/.exec(path)?.[1];

function openSource(target: string, open: Descriptors, { state }: Expander): Source {
  const path = normalize(state.cwd, target);
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) return open.get(descriptor)?.source ?? NO_INPUT;
  const { files, clock } = state.process.machine;
  if (path === "/dev/zero" || path.endsWith("random")) return endless(path, () => clock.random());
  if (path === "/dev/null" || path === "/dev/tty") return NO_INPUT;
  try {
    return textSource(fromBytes(bytesOf(files.read(path))));
  } catch (error) {
    throw problem("open", target, error);
  }
}

function openSink(target: string, append: boolean, open: Descriptors, { state }: Expander): Sink {
  const path = normalize(state.cwd, target);
  const { machine } = state.process;
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) return open.get(descriptor)?.sink ?? NOWHERE;
  const stream = containerStream(path);
  if (stream !== undefined) return machine.output(stream === "1" ? "stdout" : "stderr");
  if (path === "/dev/null" || path === "/dev/tty") return NOWHERE;
  try {
    return fileSink(machine.files, path, append, machine.config.user ?? 0);
  } catch (error) {
    throw problem("create", target, error);
  }
}

function problem(what: "open" | "create", target: string, error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  const reason = error.code === "ENOENT" && what === "create"
    ? "nonexistent directory"
    : error.code === "ENOENT"
    ? "no such file"
    : error.reason;
  return new RedirectError(`can't ${what} ${target}: ${reason}`);
}
