/** Containers by themselves, without a kubelet. */
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { findImage } from "../../../cluster/memory/kubelet/images/registry.ts";
import type { Image } from "../../../cluster/memory/kubelet/images/image.ts";
import { containerRuntime } from "../../../cluster/memory/kubelet/runtime/container_runtime.ts";
import type { ContainerConfig, ExitStatus, Input } from "../../../cluster/memory/kubelet/runtime/runtime.ts";

/** What a container of an image is started with, where nothing more is said. */
export const plainConfig = (image: Image, imageTag: string | undefined): ContainerConfig => ({
  image,
  imageTag,
  env: image.env,
  workingDir: image.workingDir,
  hostname: "p",
  podIP: "10.244.1.2",
  mounts: [],
  stdin: false,
  tty: false,
  terminationMessagePath: "/dev/termination-log",
});

/** A container on virtual time. */
export function container(image: string, command?: readonly string[], more: Partial<ContainerConfig> = {}) {
  const clock = virtualClock();
  let output = "";
  let ended: ExitStatus | undefined;
  const found = findImage(`docker.io/library/${image}`)!.image;
  const write = (text: string) => void (output += text);
  const process = containerRuntime.start(
    {
      ...plainConfig(found, image.split(":")[1]),
      command,
      report: (error) => {
        throw error;
      },
      ...more,
    },
    { stdout: write, stderr: write },
    clock,
  );
  process.onExit((status) => ended = status);
  return {
    clock,
    process,
    output: () => output,
    ended: () => ended,
    /** Runs a command in it to its end. */
    async exec(words: readonly string[], input: Input = {}) {
      let bytes = new Uint8Array();
      let code: number | undefined;
      const session = process.exec(words, {
        stdout() {},
        stderr() {},
        bytes: (_, chunk) => bytes = new Uint8Array([...bytes, ...chunk]),
      }, input);
      session.onExit((status) => code = status.code);
      await clock.settle();
      return { bytes, text: new TextDecoder().decode(bytes), code, session };
    },
  };
}

/** What a client types, in the order given. */
export function typed(...keys: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const key of keys) controller.enqueue(typeof key === "string" ? encoder.encode(key) : key);
      controller.close();
    },
  });
}
