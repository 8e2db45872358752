/**
 * Runs a lifecycle hook in or against a container.
 *
 * Source: `pkg/kubelet/lifecycle/handlers.go`.
 */
import type { LifecycleHandler } from "../kinds/schema/types.ts";
import type { Container } from "./container.ts";
import { StartError } from "./runtime/runtime.ts";

/** @returns why the hook failed, undefined when it did not. It may take as long as its command runs. */
export async function runHook(handler: LifecycleHandler, container: Container): Promise<string | undefined> {
  const { process } = container;
  if (process === undefined) return "container not running";
  if (handler.exec !== undefined) {
    const { code, output } = await execute(container, handler.exec.command ?? []);
    return code === 0
      ? undefined
      : `command '${(handler.exec.command ?? []).join(" ")}' exited with ${code}: ${output}`;
  }
  // Only a command can wait; a request is answered at once, and a sleep is the caller's to take.
  if (handler.httpGet !== undefined) {
    const { port, path = "/", httpHeaders = [], scheme } = handler.httpGet;
    const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
    const answer = await process.http({ port: Number(port), path, headers, https: scheme === "HTTPS" });
    return answer === undefined ? `Get "http://${path}": connection refused` : undefined;
  }
  return undefined;
}

/** Runs a command in a container to its end. */
export function execute(
  { process }: Container,
  command: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    let output = "";
    const write = (text: string) => void (output += text);
    try {
      process!.exec(command, { stdout: write, stderr: write }).onExit(({ code }) => resolve({ code, output }));
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      resolve({ code: -1, output: error.message });
    }
  });
}
