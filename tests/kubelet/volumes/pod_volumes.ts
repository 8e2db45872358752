/** Pods with a volume, and what comes of it. */
import type { TestCluster } from "../cluster.ts";
import { type PodSpec, shell, withCluster } from "../containers.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];

/** A pod that has a volume at /v. */
export const withVolume = (volume: Omit<Volume, "name">, script = "sleep 3600"): PodSpec => ({
  volumes: [{ name: "v", ...volume }],
  containers: [shell(script, { volumeMounts: [{ name: "v", mountPath: "/v" }] })],
});

export function volumes(name: string, run: (cluster: TestCluster) => Promise<void>): void {
  Deno.test(`volumes: ${name}`, () => withCluster(run));
}

/** A file as the pod's first container sees it. */
export async function fileOf(cluster: TestCluster, path: string, name = "p"): Promise<string | undefined> {
  const { metadata, spec } = await cluster.pod(name);
  const worker = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  return worker.runtime.containers[0].process!.readFile(path);
}

/** Why volumes of a pod were not mounted, by its events. */
export const failedMounts = async (cluster: TestCluster, name = "p"): Promise<string[]> =>
  (await cluster.events(name)).filter((event) => event.startsWith("Warning FailedMount: "))
    .map((event) => event.slice("Warning FailedMount: ".length).replace(/ \(x\d+\)$/, ""));
