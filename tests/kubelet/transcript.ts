/** What a pod's life looked like: its states as `kubectl get pod` would tell them, each with the second it began in. */
import type { Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { pods } from "../../cluster/memory/api/kind_refs.ts";
import type { TestCluster } from "./cluster.ts";

/** "app=running", "app=CrashLoopBackOff/1": a container's state, with its restarts. */
function containerState({ status }: Pod): string {
  const all = [...status?.initContainerStatuses ?? [], ...status?.containerStatuses ?? []];
  return all.map(({ name, state, restartCount, ready }) => {
    const what = state.running !== undefined
      ? ready ? "ready" : "running"
      : state.waiting?.reason ?? state.terminated?.reason ?? "created";
    return `${name}=${what}${restartCount > 0 ? `/${restartCount}` : ""}`;
  }).join(" ");
}

/** Records a pod's states from now on. */
export function recordStates({ clock, informers }: TestCluster, name = "p"): string[] {
  const start = clock.now();
  const lines: string[] = [];
  const record = (pod: Pod) => {
    if (pod.metadata.name !== name) return;
    const deleting = pod.metadata.deletionTimestamp === undefined ? "" : " deleting";
    const line = `${pod.status?.phase} ${containerState(pod)}${deleting}`.trim();
    if (lines.at(-1)?.replace(/^\d+s /, "") === line) return;
    lines.push(`${Math.floor((clock.now() - start) / 1000)}s ${line}`);
  };
  informers.for<Pod>(pods).on({
    added: record,
    updated: record,
    deleted: (pod) => pod.metadata.name === name && lines.push(`${Math.floor((clock.now() - start) / 1000)}s gone`),
  });
  return lines;
}
