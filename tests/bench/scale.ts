/**
 * What a large cluster costs: pods of 100 Deployments created, scheduled and Running on the world's clock, then a
 * rolling update of 500 replicas, a node lost and a thousand pods deleted. Each line says how long it took, how much of
 * that the processor worked, and the memory then.
 *
 *     deno run --allow-all tests/bench/scale.ts [NODES] [PODS]
 */
import process from "node:process";
import { deployments, namespaces, nodes as nodeRef, pods as podRef } from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";
import { deployment } from "../controllers/objects.ts";

const [nodes = 1_000, pods = 10_000] = process.argv.slice(2).map(Number);
const DEPLOYMENTS = 100;
const NAMESPACE = "scale";

const memory = () => `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`;
let since = performance.now();
let used = process.cpuUsage();
/** @returns the seconds of processor time since the last line */
function tell(what: string): number {
  const { user, system } = process.cpuUsage(used);
  const work = (user + system) / 1e6;
  const seconds = (performance.now() - since) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, ${work.toFixed(1)} s of CPU, ${memory()}`);
  [since, used] = [performance.now(), process.cpuUsage()];
  return work;
}

await using cluster = await startMemoryCluster({
  nodes: Array.from({ length: nodes }, (_, i) => `n${i}`),
  report: (where, error) => console.error(where, error),
});
const client = cluster.api.client(administrator);
tell(`${nodes} nodes started`);

/** Waits, looking four times a second, which costs nothing beside the work. */
async function until(done: () => Promise<boolean>) {
  while (!await done()) await new Promise((resolve) => setTimeout(resolve, 250));
}

const list = async () => (await client.list(podRef, { namespace: NAMESPACE })).items;
const running = async () => (await list()).filter(({ status }) => status?.phase === "Running").length;

await client.create(namespaces, { metadata: { name: NAMESPACE } });
const each = Math.ceil(pods / DEPLOYMENTS);
const scaled = (name: string, replicas: number, image?: string) => {
  // The strategy is Kubernetes' own: a quarter more, a quarter less.
  const object = deployment(name, replicas, { strategy: {} });
  const containers = [{ name: "app", image: image ?? "nginx:1.27", resources: { requests: { cpu: "1m" } } }];
  const template = { ...object.spec.template, spec: { ...object.spec.template.spec, containers } };
  return { metadata: { name, namespace: NAMESPACE }, spec: { ...object.spec, template } };
};
for (let i = 0; i < DEPLOYMENTS; i++) await client.create(deployments, scaled(`d${i}`, each));
const costs: number[] = [];
for (let at = 1; at <= 10; at++) {
  await until(async () => await running() >= each * DEPLOYMENTS * at / 10);
  costs.push(tell(`${each * DEPLOYMENTS * at / 10} pods running`));
}
// Controllers make all the pods while the first ones start: halves can be compared, tenths cannot.
const perPod = (tenths: readonly number[]) =>
  `${(1e4 * tenths.reduce((sum, cost) => sum + cost) / tenths.length / (each * DEPLOYMENTS)).toFixed(1)} ms`;
console.log(`CPU per pod: ${perPod(costs.slice(0, 5))} in the first half, ${perPod(costs.slice(5))} in the second`);

await client.create(deployments, scaled("rolling", 500));
await until(async () => await running() >= each * DEPLOYMENTS + 500);
tell("500 more");
const body = { spec: { template: { metadata: { annotations: { turn: "2" } } } } };
await client.patch(deployments, NAMESPACE, "rolling", { type: "merge", body });
await until(async () => {
  const { status } = await client.get(deployments, NAMESPACE, "rolling");
  return status?.observedGeneration === 2 && status.updatedReplicas === 500 && status.availableReplicas === 500 &&
    status.replicas === 500;
});
tell("rolling update of 500 replicas");

const lost = (await list())[0].spec.nodeName!;
await client.delete(nodeRef, "", lost);
await until(async () => (await list()).every(({ spec }) => spec.nodeName !== lost));
tell(`node ${lost} deleted, its pods elsewhere`);

for (const { metadata } of (await list()).slice(0, 1_000)) {
  await client.delete(podRef, NAMESPACE, metadata.name!);
}
await until(async () => (await list()).length === each * DEPLOYMENTS + 500);
await until(async () => await running() >= each * DEPLOYMENTS + 500);
tell("1000 pods deleted and replaced");

// What an idle cluster of this size costs: heartbeats and leases.
await new Promise((resolve) => setTimeout(resolve, 10_000));
tell("ten seconds of nothing");
console.log(`at most ${Math.round(process.resourceUsage().maxRSS / 2 ** 10)} MB`);
