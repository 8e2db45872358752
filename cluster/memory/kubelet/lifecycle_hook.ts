/**
 * Runs a lifecycle hook in or against a container.
 *
 * Source: `pkg/kubelet/lifecycle/handlers.go`.
 */
import type { Clock } from "../clock.ts";
import type { LifecycleHandler, Pod } from "../kinds/schema/types.ts";
import type { Container } from "./container.ts";
import { podFormat } from "./container_refs.ts";
import { containerdId } from "./ids.ts";
import { httpGet, type PodTarget, PortError } from "./prober/http_get.ts";
import { StartError } from "./runtime/runtime.ts";

/** @returns why the hook failed, undefined when it did not. It may take as long as its command runs. */
export async function runHook(
  handler: LifecycleHandler,
  container: Container,
  pod: Pod,
  target: PodTarget,
): Promise<string | undefined> {
  const whose = `for Container ${JSON.stringify(container.name)} in Pod ${JSON.stringify(podFormat(pod))}`;
  if (handler.exec !== undefined) {
    const { command = [] } = handler.exec;
    const { code, output, stderr } = await execute(container, command, target.node.clock);
    if (code === 0) return undefined;
    const error = code === undefined ? output : `command '${command.join(" ")}' exited with ${code}: ${stderr}`;
    const said = JSON.stringify(code === undefined ? "" : output);
    return `Exec lifecycle hook ([${command.join(" ")}]) ${whose} failed - error: ${error}, message: ${said}`;
  }
  if (handler.httpGet !== undefined) {
    const error = await requestError(handler.httpGet, target);
    if (error === undefined) return undefined;
    return `HTTP lifecycle hook (${handler.httpGet.path ?? "/"}) ${whose} failed - error: ${error}`;
  }
  if (handler.sleep !== undefined) await target.node.clock.sleep(handler.sleep.seconds * 1000);
  return undefined;
}

/** Any answer will do. */
async function requestError(action: NonNullable<LifecycleHandler["httpGet"]>, target: PodTarget) {
  try {
    const answer = await httpGet(action, target);
    return typeof answer === "string" ? answer : undefined;
  } catch (error) {
    if (error instanceof PortError) return error.message;
    throw error;
  }
}

export interface Executed {
  /** Undefined when the command could not be started. */
  readonly code: number | undefined;
  /** All that it wrote, or why it could not be started. */
  readonly output: string;
  readonly stderr: string;
}

/** Runs a command in a container to its end. */
export function execute({ process }: Container, command: readonly string[], clock: Clock): Promise<Executed> {
  return new Promise((resolve) => {
    let [stdout, stderr] = ["", ""];
    try {
      process!.exec(command, { stdout: (text) => void (stdout += text), stderr: (text) => void (stderr += text) })
        .onExit(({ code }) => resolve({ code, output: stdout + stderr, stderr }));
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      const output = "rpc error: code = Unknown desc = failed to exec in container: failed to start exec " +
        `"${
          containerdId(clock)
        }": OCI runtime exec failed: exec failed: unable to start container process: ${error.message}`;
      resolve({ code: undefined, output, stderr: "" });
    }
  });
}
