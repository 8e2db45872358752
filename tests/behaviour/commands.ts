/**
 * The kubectl commands of the scenarios as the requests that kubectl makes: `set image`, `rollout undo`, `scale`,
 * `label`, `taint` and `delete`.
 */
import type { Client, DeleteOptions, KindRef } from "../../cluster/memory/api/client.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { StatusError } from "../../cluster/memory/api/status.ts";
import type { Taint } from "../../cluster/memory/kinds/schema/types.ts";
import type { VirtualCluster } from "./virtual_cluster.ts";

const RESOURCES: Readonly<Record<string, KindRef>> = {
  deployment: refs.deployments,
  pod: refs.pods,
  pvc: refs.persistentVolumeClaims,
  pv: refs.persistentVolumes,
  priorityclass: refs.priorityClasses,
};
const CLUSTER_WIDE: ReadonlySet<KindRef> = new Set([refs.persistentVolumes, refs.priorityClasses]);

interface Target {
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** A command's words without its flags, and the flags: "--replicas=3" as replicas: "3". */
function parse(command: string) {
  const words = command.split(" ");
  const flags = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=", 2));
  return { args: words.filter((word) => !word.startsWith("--")), flags: Object.fromEntries(flags) };
}

/** @throws for a command that this file does not know */
export async function run(cluster: VirtualCluster, namespace: string, command: string): Promise<void> {
  const { args: [verb, ...args], flags } = parse(command);
  const target = (resource: string, name: string): Target => {
    const kind = RESOURCES[resource];
    if (kind === undefined) throw new Error(`the server doesn't have a resource type "${resource}"`);
    return { kind, namespace: CLUSTER_WIDE.has(kind) ? undefined : namespace, name };
  };
  const slashed = (text: string) => target(...text.split("/", 2) as [string, string]);
  const { client } = cluster;
  if (verb === "set") return await setImage(client, slashed(args[1]), args[2]);
  if (verb === "rollout" && args[0] === "undo") return await undo(client, slashed(args[1]));
  if (verb === "scale") return await scale(client, target(args[0], args[1]), Number(flags.replicas));
  if (verb === "label") return await label(client, target(args[0], args[1]), args[2]);
  if (verb === "taint") return await taint(client, args[1], args[2]);
  if (verb === "delete") return await remove(cluster, target(args[0], args[1]), flags);
  throw new Error(`unknown command "${command}"`);
}

async function setImage(client: Client, { kind, namespace, name }: Target, change: string): Promise<void> {
  const [container, image] = change.split("=", 2);
  const body = { spec: { template: { spec: { containers: [{ name: container, image }] } } } };
  await client.patch(kind, namespace, name, { type: "strategic", body });
}

/** Gives a Deployment the template of the revision before its own, and that revision's annotations. */
async function undo(client: Client, { namespace, name }: Target): Promise<void> {
  const revisionOf = (annotations: Readonly<Record<string, string>> = {}) =>
    Number(annotations["deployment.kubernetes.io/revision"]);
  const { metadata } = await client.get(refs.deployments, namespace, name);
  const owned = (await client.list(refs.replicaSets, { namespace })).items
    .filter(({ metadata: { ownerReferences = [] } }) => ownerReferences.some(({ uid }) => uid === metadata.uid))
    .sort((a, b) => revisionOf(b.metadata.annotations) - revisionOf(a.metadata.annotations));
  const { spec, metadata: { annotations } } = owned[1];
  const { "pod-template-hash": _, ...labels } = spec!.template!.metadata!.labels!;
  const template = { ...spec!.template, metadata: { ...spec!.template!.metadata, labels } };
  // What belongs to the replica set itself, and what was applied last, stays as it is.
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => ownAnnotation(key));
  const restored = Object.entries(annotations ?? {}).filter(([key]) => !ownAnnotation(key));
  await client.patch(refs.deployments, namespace, name, {
    type: "json",
    body: [
      { op: "replace", path: "/spec/template", value: template },
      { op: "replace", path: "/metadata/annotations", value: Object.fromEntries([...restored, ...kept]) },
    ],
  });
}

const ownAnnotation = (key: string) =>
  key.startsWith("deployment.kubernetes.io/") || key === "kubectl.kubernetes.io/last-applied-configuration";

async function scale(client: Client, { kind, namespace, name }: Target, replicas: number): Promise<void> {
  await client.patch(kind, namespace, name, { type: "merge", body: { spec: { replicas } }, subresource: "scale" });
}

/** @param change "app=web", or "app-" to take a label away */
async function label(client: Client, { kind, namespace, name }: Target, change: string): Promise<void> {
  const [key, value] = change.endsWith("-") ? [change.slice(0, -1), null] : change.split("=", 2);
  await client.patch(kind, namespace, name, { type: "merge", body: { metadata: { labels: { [key]: value } } } });
}

/** @param change "app=blue:NoSchedule", or "app-" to take a taint away */
async function taint(client: Client, node: string, change: string): Promise<void> {
  const { spec } = await client.get(refs.nodes, undefined, node);
  const key = change.split(/[=:-]/, 1)[0];
  const others = (spec?.taints ?? []).filter((taint) => taint.key !== key);
  const taints = change.endsWith("-") ? others : [...others, taintOf(change)];
  await client.patch(refs.nodes, undefined, node, { type: "merge", body: { spec: { taints } } });
}

function taintOf(text: string): Taint {
  const [pair, effect] = text.split(":", 2);
  const [key, value] = pair.split("=", 2);
  return { key, value, effect };
}

/** Deletes and waits, as kubectl does, until the object is gone. */
async function remove(
  { client, clock }: VirtualCluster,
  { kind, namespace, name }: Target,
  flags: Readonly<Record<string, string>>,
): Promise<void> {
  const propagationPolicy = flags.cascade === "orphan" ? "Orphan" : "Background";
  const grace = flags["grace-period"];
  const options: DeleteOptions = { propagationPolicy, ...grace && { gracePeriodSeconds: Number(grace) } };
  await client.delete(kind, namespace, name, options);
  const gone = () => client.get(kind, namespace, name).then(() => false, isGone);
  for (let tries = 0; !await gone(); tries++) {
    if (tries === 600) throw new Error(`timed out waiting for ${kind.plural} "${name}" to be deleted`);
    await clock.advance(100);
  }
}

const isGone = (error: unknown) => {
  if (error instanceof StatusError && error.reason === "NotFound") return true;
  throw error;
};
