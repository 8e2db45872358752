/**
 * Whether a cluster that is used for hours grows: the memory that is left after each hour of churn on virtual time.
 *
 *     deno run --allow-all --v8-flags=--expose-gc tests/bench/churn.ts [HOURS]
 */
import process from "node:process";
import { beginChurn, churn, ROUND } from "../behaviour/churn.ts";
import { virtualCluster } from "../behaviour/virtual_cluster.ts";

const [hours = 6] = process.argv.slice(2).map(Number);
const collect = (globalThis as { readonly gc?: () => void }).gc;
if (collect === undefined) throw new Error("run it with --v8-flags=--expose-gc");

using cluster = await virtualCluster();
await beginChurn(cluster);
for (let hour = 0; hour < hours; hour++) {
  const begun = performance.now();
  for (let i = 0; i < 60 / ROUND; i++) await churn(cluster, hour * 60 / ROUND + i);
  collect();
  const seconds = (performance.now() - begun) / 1000;
  const heap = process.memoryUsage().heapUsed / 2 ** 20;
  console.log(
    `hour ${hour + 1}: ${heap.toFixed(1)} MB, revision ${cluster.api.store.revision}, ${seconds.toFixed(1)} s`,
  );
}
