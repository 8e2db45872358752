/** Commands in containers of a server in this very process: their streams need no connection. */
import type { ContainerRef, ExecResult } from "./cluster.ts";
import { apiRequest } from "./memory/api/http/message.ts";
import type { CommandHandler } from "./memory/api/streaming/pod_command.ts";
import { refusalOf } from "./memory/api/streaming/pod_upgrade.ts";
import { pipe, type RemoteCommand } from "./memory/api/streaming/remote_command.ts";
import type { User } from "./memory/api/user.ts";
import type { Status } from "./memory/kinds/schema/types.ts";
import { apiErrorOf } from "./remote/api_error.ts";
import { exitCodeOf, overdueError } from "./remote/exec.ts";
import { textOf } from "./in_process_transport.ts";

export interface InProcessExecOptions {
  readonly handler: CommandHandler;
  /** Whose certificate it would be. */
  readonly user: User;
  /** Aborted when the command has had its time. */
  readonly overdue: AbortSignal;
}

/** @throws {ApiError} the command could not be started, or did not end in time */
export async function execInProcess(
  { namespace, name, container }: ContainerRef,
  command: readonly string[],
  { handler, user, overdue }: InProcessExecOptions,
): Promise<ExecResult> {
  const query = new URLSearchParams({
    ...container === undefined ? {} : { container },
    stdout: "true",
    stderr: "true",
  });
  for (const word of command) query.append("command", word);
  const request = apiRequest({
    method: "POST",
    target: `/api/v1/namespaces/${namespace}/pods/${name}/exec?${query}`,
    headers: {},
    body: () => Promise.resolve(new Uint8Array()),
    certificateUser: user,
  });
  const { session, output, end } = collector(overdue);
  const status = await Promise.race([
    handler(request, () => session).then(() => end, (error) => {
      const { status, body = "" } = refusalOf(error);
      throw apiErrorOf(status, textOf([body]));
    }),
    new Promise<never>((_, reject) =>
      overdue.addEventListener("abort", () => reject(overdueError(command)), { once: true })
    ),
  ]);
  return { exitCode: exitCodeOf(status), stdout: textOf(output.stdout), stderr: textOf(output.stderr) };
}

/** The client's end of a command that is told nothing: what it writes, and how it ends. */
function collector(signal: AbortSignal) {
  const nothing = <T>() => {
    const { readable, end } = pipe<T>();
    end();
    return readable;
  };
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const { promise: end, resolve: finish } = Promise.withResolvers<Status>();
  const session: RemoteCommand = {
    stdin: nothing(),
    resizes: nothing(),
    signal,
    stdout: (chunk) => void output.stdout.push(chunk),
    stderr: (chunk) => void output.stderr.push(chunk),
    finish,
  };
  return { session, output, end };
}
