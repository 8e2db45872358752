/** What a case about the inside of containers is, and what it is given. */
import { CoreV1Api, Exec, type KubeConfig, PortForward, type V1Status } from "@kubernetes/client-node";
import { Buffer } from "node:buffer";
import { PassThrough, Readable } from "node:stream";
import type { ApiObject, ExecResult } from "../../../cluster/cluster.ts";
import type { Surroundings } from "../clusters.ts";

/** Any object: the cases know what they look for. */
// deno-lint-ignore no-explicit-any
export type Loose = any;

export interface InsideCase {
  readonly title: string;
  /** The images that the cluster must be able to pull. */
  readonly images: readonly string[];
  /** What not every cluster has; without it a failure says nothing. */
  readonly needs?: string;
  run(inside: Inside): Promise<void>;
}

export const BUSYBOX = "busybox:1.36";
export const NGINX = "nginx:1.27";

/** A busybox that waits to be asked. */
export const IDLE = { image: BUSYBOX, command: ["sh", "-c", "trap exit TERM; while true; do sleep 1; done"] };

export interface Inside extends Surroundings {
  readonly api: CoreV1Api;
  /** Creates a pod of one container (more in `spec`) and waits until it is ready. */
  started(name: string, container: object, more?: PodMore): Promise<Loose>;
  /** Creates a pod that is not started again, and waits until it has ended. */
  ended(name: string, container: object, more?: PodMore): Promise<Loose>;
  /** Runs a command in a pod's container to its end. */
  exec(pod: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** What a script writes, without the last line's end; it must end well. */
  sh(pod: string, script: string, options?: ExecOptions): Promise<string>;
  log(pod: string, options?: LogOptions): Promise<string>;
  /** Sends text to a port of a pod through the API server, and gives what comes back until `until` has come. */
  forward(pod: string, port: number, text: string, until: RegExp): Promise<string>;
  /** Waits until a script in a pod ends well and writes what matches. */
  says(pod: string, script: string, expected: RegExp): Promise<string>;
}

export interface PodMore {
  readonly labels?: object;
  readonly annotations?: object;
  readonly spec?: object;
}

export interface ExecOptions {
  readonly container?: string;
  readonly stdin?: string;
}

export interface LogOptions {
  readonly container?: string;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly timestamps?: boolean;
}

/** What the harness knows of a cluster besides the seam. */
export interface Access {
  readonly config: KubeConfig;
  /** Lets the cluster's time pass while a request is under way; on a real cluster it passes by itself. */
  whileTimePasses<T>(work: () => Promise<T>): Promise<T>;
}

export function inside(surroundings: Surroundings, { config, whileTimePasses }: Access): Inside {
  const { namespace, create, get, eventually } = surroundings;
  const api = config.makeApiClient(CoreV1Api);
  const make = (name: string, container: object, { labels = {}, annotations = {}, spec = {} }: PodMore, more: object) =>
    create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels, annotations },
      spec: { ...more, terminationGracePeriodSeconds: 1, containers: [{ name: "app", ...container }], ...spec },
    });
  const reached = (name: string, what: string, holds: (pod: Loose) => boolean) =>
    eventually(`the pod ${name} ${what}`, async () => {
      const found = await get("v1", "Pod", name) as Loose;
      return holds(found) ? found : undefined;
    });

  const exec: Inside["exec"] = (pod, command, { container = "", stdin } = {}) =>
    whileTimePasses(async () => {
      const [stdout, stderr] = [collector(), collector()];
      const input = stdin === undefined ? null : Readable.from([Buffer.from(stdin)]);
      const status = await new Promise<V1Status>((resolve, reject) => {
        new Exec(config).exec(
          namespace,
          pod,
          container,
          [...command],
          stdout.stream,
          stderr.stream,
          input,
          false,
          resolve,
        )
          .then((socket) => socket.on("close", () => reject(new Error("closed before the command ended"))), reject);
      });
      const exitCode = Number(status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message ?? 0);
      if (status.status !== "Success" && exitCode === 0) throw new Error(status.message);
      return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
    });
  const sh: Inside["sh"] = async (pod, script, options) => {
    const { exitCode, stdout, stderr } = await exec(pod, ["sh", "-c", script], options);
    if (exitCode !== 0) throw new Error(`\`${script}\` ended with ${exitCode}: ${stderr || stdout}`);
    return stdout.replace(/\n$/, "");
  };

  return {
    ...surroundings,
    api,
    async started(name, container, more = {}) {
      await make(name, container, more, {});
      return await reached(
        name,
        "is ready",
        (pod) => pod.status.conditions?.some((one: Loose) => one.type === "Ready" && one.status === "True"),
      );
    },
    async ended(name, container, more = {}) {
      await make(name, container, more, { restartPolicy: "Never" });
      return await reached(name, "has ended", ({ status }) => ["Succeeded", "Failed"].includes(status.phase));
    },
    exec,
    sh,
    log: (name, options = {}) => api.readNamespacedPodLog({ name, namespace, ...options }),
    forward: (pod, port, text, until) =>
      whileTimePasses(async () => {
        const output = new PassThrough();
        const input = new PassThrough();
        const socket = await new PortForward(config).portForward(namespace, pod, [port], output, null, input);
        // The client leaves the stream open when the connection ends, and nobody would wait for anything any more.
        if (typeof socket !== "function") socket.on("close", () => output.end());
        try {
          input.write(text);
          let answer = "";
          for await (const chunk of output) {
            answer += chunk;
            if (until.test(answer)) break;
          }
          return answer;
        } finally {
          if (typeof socket !== "function") socket.close();
        }
      }),
    says: (pod, script, expected) =>
      eventually(`\`${script}\` says ${expected}`, async () => {
        const { exitCode, stdout } = await exec(pod, ["sh", "-c", script]);
        return exitCode === 0 && expected.test(stdout) ? stdout : undefined;
      }),
  };
}

function collector() {
  const stream = new PassThrough();
  const chunks: Uint8Array[] = [];
  stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  return { stream, text: () => new TextDecoder().decode(Buffer.concat(chunks)) };
}

/** The status of a pod's container. */
export const statusOf = (pod: ApiObject, container = "app"): Loose => {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status as Loose;
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses]
    .find(({ name }: Loose) => name === container);
};
