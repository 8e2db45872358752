/** Lives of pods on one node. */
import { oneNode, type TestCluster } from "./cluster.ts";
import { withCluster } from "./containers.ts";
import { recordStates } from "./transcript.ts";

/** @param run is given what the pod's status said so far, "4s Succeeded app=Completed" */
export function life(name: string, run: (cluster: TestCluster, states: string[]) => Promise<void>): void {
  Deno.test(`kubelet: ${name}`, () =>
    withCluster((cluster) => run(cluster, recordStates(cluster)), { nodes: oneNode }));
}
