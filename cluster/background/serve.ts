/** Runs a memory cluster in this process, and leaves word of it for others. */
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import type { AddedImages } from "../added_images.ts";
import { Problem } from "../problem.ts";
import type { Addon, Component } from "./components.ts";
import { clusterFiles, type ClusterRecord, contextName, removeRecord, writeRecord } from "./record.ts";

export interface ServeOptions {
  readonly name: string;
  /** A free one unless said. */
  readonly port?: number;
  /** Besides the control plane's node. */
  readonly nodes?: readonly string[];
  /** A bearer token of the group system:masters. */
  readonly token?: string;
  readonly components?: readonly Component[];
  /** How many times as fast as the world's its clock runs. */
  readonly speed?: number;
  /** What is installed beside what kubeadm leaves. */
  readonly with?: readonly Addon[];
  /** From where Services of type LoadBalancer get addresses, "192.0.2.0/24". */
  readonly loadBalancers?: string;
  /** Whether the node ports of services are open on this machine too. */
  readonly nodePorts?: boolean;
  /** Where else the kubeconfig is written. */
  readonly kubeconfig?: string;
  /**
   * Where the cluster's keys and certificates are kept: it starts faster with those of the last time, and its
   * authority, by which others know it, stays the same. Unless said, each start makes new ones.
   */
  readonly keys?: string;
  /** Images beside those that every memory cluster can pull. */
  readonly images?: AddedImages;
}

export interface Served extends AsyncDisposable {
  readonly record: ClusterRecord;
}

/**
 * Starts a memory cluster; disposing of it stops it and removes its record and kubeconfig.
 *
 * @param folder where records are kept
 * @throws {Problem} `unavailable` when the port is taken
 */
export async function serve(folder: string, options: ServeOptions): Promise<Served> {
  refuseWithoutNodes(options);
  const { startMemoryCluster } = await import("../memory/cluster.ts");
  const { name, port, nodes, token, components, speed = 1, keys, images, loadBalancers, nodePorts } = options;
  const context = contextName(name);
  const files = clusterFiles(folder, name);
  const kubeconfig = options.kubeconfig ?? files.kubeconfig;
  await refuseForeign(kubeconfig, context);
  const cluster = await startMemoryCluster({
    context,
    port,
    nodes,
    token,
    components,
    speed,
    folder: keys,
    images,
    addons: options.with,
    loadBalancers,
    nodePorts,
  }).catch((error) => {
    throw portTaken(error, port);
  });
  await writeKubeconfig(kubeconfig, cluster.kubeconfig);
  const record: ClusterRecord = {
    name,
    pid: process.pid,
    server: cluster.server,
    context,
    kubeconfig,
    certificateAuthority: cluster.certificateAuthority,
    started: new Date().toISOString(),
    nodes: cluster.nodes,
    speed,
  };
  await writeRecord(folder, record);
  return {
    record,
    async [Symbol.asyncDispose]() {
      await removeRecord(folder, record);
      await rm(kubeconfig, { force: true });
      await cluster[Symbol.asyncDispose]();
    },
  };
}

/** What runs in Pods, or leads to them, is of no use where none run. */
function refuseWithoutNodes({ components, nodePorts, with: addons = [] }: ServeOptions) {
  if (components === undefined || components.includes("kubelets") || (!nodePorts && addons.length === 0)) return;
  const option = nodePorts ? "--node-ports" : "--with";
  throw new Problem("usage", {
    en: `${option} needs Pods that run, and so the component kubelets.`,
    ko: `${option} 옵션에는 실행되는 파드가 필요하므로 kubelets 구성 요소도 있어야 합니다.`,
  }, { en: "Add kubelets to --components.", ko: "--components에 kubelets를 추가하세요." });
}

/** Somebody's own kubeconfig is not overwritten; one that an earlier cluster of the same name left is. */
async function refuseForeign(path: string, context: string) {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "") return;
  const { parse } = await import("yaml");
  const { contexts = [] } = (parse(text) ?? {}) as { readonly contexts?: readonly { readonly name?: string }[] };
  if (contexts.every(({ name }) => name === context)) return;
  throw new Problem("usage", {
    en: `${path} has contexts of other clusters, and would be overwritten.`,
    ko: `${path}에는 다른 클러스터의 컨텍스트가 있어서 덮어쓸 수 없습니다.`,
  }, { en: "Name another file with --kubeconfig.", ko: "--kubeconfig로 다른 파일을 지정하세요." });
}

/** Credentials: for the owner's eyes only. */
async function writeKubeconfig(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, 0o600); // The mode above counts for new files only.
}

function portTaken(error: unknown, port: number | undefined): unknown {
  if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") return error;
  return new Problem("unavailable", {
    en: `Port ${port} is in use by another program.`,
    ko: `포트 ${port}는 다른 프로그램이 사용하고 있습니다.`,
  }, {
    en: "Choose another with --port, or leave it out to get a free one.",
    ko: "--port로 다른 포트를 고르거나, 생략해서 빈 포트를 쓰세요.",
  });
}
