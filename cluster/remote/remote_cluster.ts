/** A cluster behind a kubeconfig's context. */
import type { KubeConfig } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "../cluster.ts";
import { capabilitiesFound } from "./capabilities.ts";
import { Problem } from "../problem.ts";
import type { Text } from "../text.ts";
import { Connection } from "./connection.ts";
import { exec } from "./exec.ts";
import { type HttpsOptions, HttpsTransport } from "./https_transport.ts";
import { contextOf } from "./kubeconfig.ts";
import { objectClient } from "./objects.ts";

export interface RemoteOptions extends HttpsOptions {
  /** The kubeconfig's current context unless said. */
  readonly context?: string;
  /** The kubeconfig's path, for showing it. */
  readonly path?: string;
  /** How to call the cluster; "context NAME" unless said. */
  readonly label?: Text;
  /** How time passes there; real time unless said. See {@linkcode Cluster.pass}. */
  readonly time?: Pick<Cluster, "pass" | "now">;
}

/** Time as everybody has it: waiting takes as long as it takes, and nobody knows what comes. */
const REAL_TIME: Pick<Cluster, "pass" | "now"> = {
  now: () => Date.now(),
  async pass(ms, signal) {
    await delay(ms, undefined, { signal });
    return false;
  },
};

/**
 * Connects to a context of a kubeconfig and makes sure that its server answers.
 *
 * @throws {Problem} no such context (`usage`), no answer or no access (`unavailable`)
 */
export async function connect(config: KubeConfig, options: RemoteOptions = {}): Promise<Cluster> {
  const context = contextOf(config, options.context);
  if (context === undefined) throw noContext(config, options.context);
  const { KubeConfig } = await import("@kubernetes/client-node");
  const own = new KubeConfig();
  own.loadFromOptions({ ...config, currentContext: context.name });

  const { time = REAL_TIME } = options;
  const connection = new Connection(new HttpsTransport(own, options));
  try {
    await connection.request("GET", "/version");
    return {
      label: options.label ?? { en: `context ${context.name}`, ko: `컨텍스트 ${context.name}` },
      kubeconfig: {
        context: context.name,
        server: connection.server,
        ...options.path === undefined ? {} : { path: options.path },
      },
      capabilities: new Set(await capabilitiesFound(connection)),
      objects: objectClient(
        connection,
        (container, command, { overdue } = {}) => exec(own, container, command, overdue),
      ),
      pass: time.pass,
      now: time.now,
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    };
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    if (error instanceof Problem) throw error;
    throw new Problem("unavailable", {
      en: `The cluster at ${connection.server} refuses: ${(error as Error).message}`,
      ko: `클러스터 ${connection.server}가 요청을 거부했습니다: ${(error as Error).message}`,
    });
  }
}

function noContext(config: KubeConfig, name: string | undefined): Problem {
  const names = config.contexts.map((context) => context.name).join(", ");
  return name === undefined
    ? new Problem("usage", {
      en: "The kubeconfig has no current context.",
      ko: "kubeconfig에 현재 컨텍스트가 없습니다.",
    })
    : new Problem("usage", {
      en: `There is no context ${name}. The kubeconfig has: ${names || "none"}.`,
      ko: `그런 컨텍스트가 없습니다: ${name}. kubeconfig에 있는 컨텍스트: ${names || "없음"}.`,
    });
}
