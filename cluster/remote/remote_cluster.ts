/** A cluster behind a kubeconfig's context. */
import type { KubeConfig } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import type { Capability, Cluster, KubeconfigRef } from "../cluster.ts";
import { capabilitiesFound } from "./capabilities.ts";
import { Problem } from "../problem.ts";
import type { Text } from "../text.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { contextOf } from "./kubeconfig.ts";
import { objectClient } from "./objects.ts";

export interface RemoteOptions extends ConnectionOptions {
  /** The kubeconfig's current context unless said. */
  readonly context?: string;
  /** The kubeconfig's path, for showing it. */
  readonly path?: string;
  /** How to call the cluster; "context NAME" unless said. */
  readonly label?: Text;
  /** Beside those that the cluster is seen to have. */
  readonly capabilities?: readonly Capability[];
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

  const connection = new Connection(own, options);
  const time = options.time ?? REAL_TIME;
  const kubeconfig: KubeconfigRef = {
    context: context.name,
    server: connection.server,
    ...options.path === undefined ? {} : { path: options.path },
  };
  const cluster: Omit<Cluster, "capabilities"> = {
    label: options.label ?? { en: `context ${context.name}`, ko: `컨텍스트 ${context.name}` },
    kubeconfig,
    objects: objectClient(connection, own),
    pass: time.pass,
    now: time.now,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
  try {
    await connection.request("GET", "/version");
    const found = await capabilitiesFound(connection);
    return { ...cluster, capabilities: new Set([...options.capabilities ?? [], ...found]) };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
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
      ko: `컨텍스트 ${name}이(가) 없습니다. kubeconfig에 있는 컨텍스트: ${names || "없음"}.`,
    });
}
