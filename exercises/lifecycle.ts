/**
 * The life of an exercise on a cluster: set up, and taken away without a trace.
 *
 * Everything happens in a namespace of the exercise's own. What must live outside of it carries a label, so that taking
 * away removes exactly what was made, and nothing that was there before.
 */
import { addonsFor } from "../cluster/addons_for.ts";
import { waitForRest } from "../checks/motion.ts";
import { poll } from "../checks/poll.ts";
import { type ApiObject, type Cluster, describeRef, type KindName, type ObjectRef } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import type { Exercise } from "./exercise.ts";
import { putBack, remembered } from "./put_back.ts";
import { EXERCISE_LABEL, runSteps } from "./run_steps.ts";

/** Which object is the one from the setup: JSON of "Kind/name" → uid, on the exercise's namespace. */
const ORIGINALS_ANNOTATION = "drydock/originals";

/** How the objects that the exercise changes were before it, as JSON. */
const BEFORE_ANNOTATION = "drydock/before";

const NAMESPACE: KindName = { apiVersion: "v1", kind: "Namespace" };
const POD: KindName = { apiVersion: "v1", kind: "Pod" };

/** Milliseconds. */
const REMOVAL_LIMIT = 90_000;
const SERVICE_ACCOUNT_LIMIT = 30_000;

export interface LifecycleOptions {
  readonly signal?: AbortSignal;
}

/** An exercise that is set up. */
export interface Started {
  /** "Kind/name" → uid of the objects as they were set up. */
  readonly originals: ReadonlyMap<string, string>;
}

/** What is there of an exercise, or undefined when it is not started. */
export async function started(cluster: Cluster, { id, namespace }: Pick<Exercise, "id" | "namespace">): Promise<
  Started | undefined
> {
  const found = await cluster.objects.get({ ...NAMESPACE, name: namespace });
  if (found === undefined || found.metadata.deletionTimestamp !== undefined || !isOf(found, id)) return undefined;
  const originals = found.metadata.annotations?.[ORIGINALS_ANNOTATION];
  // Without the annotation, setting up was interrupted.
  return originals === undefined ? undefined : { originals: new Map(Object.entries(JSON.parse(originals))) };
}

/**
 * Makes the exercise's namespace and what is in it at the start, and waits until all of that is at rest.
 *
 * @throws {Problem} `usage` when something is in the way that is not Drydock's, or the cluster lacks what the exercise
 * changes
 */
export async function setUp(cluster: Cluster, exercise: Exercise, { signal }: LifecycleOptions = {}): Promise<Started> {
  const { id, namespace } = exercise;
  refuseLacking(cluster, exercise);
  await refuseForeign(cluster, exercise);
  await remove(cluster, exercise, { signal });
  const before = await remembered(cluster, exercise);
  await cluster.objects.create({
    ...NAMESPACE,
    metadata: {
      name: namespace,
      labels: { [EXERCISE_LABEL]: id },
      ...before.length === 0 ? {} : { annotations: { [BEFORE_ANNOTATION]: JSON.stringify(before) } },
    },
  });
  await serviceAccountReady(cluster, namespace, signal);
  await runSteps(cluster, exercise.setup, { namespace, exercise: id, ...signal === undefined ? {} : { signal } });
  await waitForRest(cluster, namespace, signal === undefined ? {} : { signal });

  const originals = await identities(cluster, exercise);
  await cluster.objects.patch({ ...NAMESPACE, name: namespace }, {
    type: "merge",
    body: { metadata: { annotations: { [ORIGINALS_ANNOTATION]: JSON.stringify(Object.fromEntries(originals)) } } },
  });
  return { originals };
}

export interface RemoveOptions extends LifecycleOptions {
  /** Whether to wait until all of it is gone; true unless said. */
  readonly wait?: boolean;
}

/**
 * Removes the exercise's namespace and the cluster-wide objects that belong to it, and puts back what it changed.
 *
 * @returns what was removed, as "Namespace pod-run"
 */
export async function remove(
  cluster: Cluster,
  exercise: Exercise,
  { signal, wait = true }: RemoveOptions = {},
): Promise<readonly string[]> {
  const { id, namespace } = exercise;
  const own: ObjectRef = { ...NAMESPACE, name: namespace };
  const found = await cluster.objects.get(own);
  const isOurs = found !== undefined && isOf(found, id);
  const condemned: ObjectRef[] = [];
  for (const { apiVersion, kind, name } of await clusterWideSetup(cluster, exercise)) {
    const object = await cluster.objects.get({ apiVersion, kind, name });
    if (object !== undefined && isOf(object, id)) condemned.push({ apiVersion, kind, name });
  }
  // What the task asks for was not there when the exercise was set up, so it belongs to the exercise.
  if (isOurs) {
    const before = found.metadata.annotations?.[BEFORE_ANNOTATION];
    if (before !== undefined) await putBack(cluster, JSON.parse(before));
    for (const ref of exercise.creates) if (await cluster.objects.get(ref) !== undefined) condemned.push(ref);
    condemned.push(own);
  }
  // In sequence: a namespace's deletion and its content's must not race.
  for (const ref of condemned) await cluster.objects.delete(ref);
  for (const { kind, name } of condemned) if (kind === NAMESPACE.kind) await hurry(cluster, name);
  if (wait) await gone(cluster, condemned, signal);
  return condemned.map((ref) => describeRef(ref));
}

/** Nobody needs what the containers of a namespace that goes would still write: they end at once, not in their time. */
async function hurry(cluster: Cluster, namespace: string) {
  for (const { metadata: { name } } of await cluster.objects.list({ ...POD, namespace })) {
    await cluster.objects.delete({ ...POD, namespace, name }, { gracePeriodSeconds: 1 });
  }
}

function refuseLacking({ capabilities }: Cluster, { id, requires }: Exercise) {
  const missing = requires.filter((capability) => !capabilities.has(capability));
  if (missing.length === 0) return;
  const names = missing.join(", ");
  const addons = addonsFor(missing);
  throw new Problem(
    "usage",
    {
      en: `The exercise ${id} needs what the cluster does not have: ${names}.`,
      ko: `연습 문제 ${id}에 필요한 기능이 이 클러스터에 없습니다: ${names}`,
    },
    ...addons.length < missing.length ? [] : [{
      en: `A memory cluster can have it: \`drydock down\`, then \`drydock up --with ${addons.join(",")}\`.`,
      ko: `메모리 클러스터에는 설치할 수 있습니다. \`drydock down\` 다음에 \`drydock up --with ${
        addons.join(",")
      }\`을 실행하세요.`,
    }],
  );
}

/** Something of the exercise's name exists, but Drydock did not make it: nothing is touched. */
async function refuseForeign(cluster: Cluster, exercise: Exercise) {
  const own: ObjectRef = { ...NAMESPACE, name: exercise.namespace };
  const namespace = await cluster.objects.get(own);
  const isOurs = namespace !== undefined && isOf(namespace, exercise.id);
  const foreign: ObjectRef[] = namespace === undefined || isOurs ? [] : [own];
  for (const ref of await clusterWideSetup(cluster, exercise)) {
    const found = await cluster.objects.get(ref);
    if (found !== undefined && !isOf(found, exercise.id)) foreign.push(ref);
  }
  if (!isOurs) {
    for (const ref of exercise.creates) if (await cluster.objects.get(ref) !== undefined) foreign.push(ref);
  }
  if (foreign.length === 0) return;
  const names = foreign.map((ref) => describeRef(ref)).join(", ");
  throw new Problem("usage", {
    en: `The cluster has ${names} already, and Drydock did not make it. The exercise ${exercise.id} needs that name.`,
    ko:
      `Drydock이 만들지 않은 오브젝트가 클러스터에 이미 있습니다: ${names}. 연습 문제 ${exercise.id}에 그 이름이 필요합니다.`,
  }, {
    en: "Use another cluster (`drydock up` starts one), or remove it yourself.",
    ko: "다른 클러스터를 쓰거나(`drydock up`으로 시작) 직접 지워 주세요.",
  });
}

const isOf = (object: ApiObject, id: string) => object.metadata.labels?.[EXERCISE_LABEL] === id;

async function clusterWideSetup(cluster: Cluster, exercise: Exercise): Promise<readonly ObjectRef[]> {
  const refs: ObjectRef[] = [];
  for (const step of exercise.setup) {
    if (step.action !== "apply" || await cluster.objects.namespaced(step.object) !== false) continue;
    refs.push({ apiVersion: step.object.apiVersion, kind: step.object.kind, name: step.object.metadata.name });
  }
  return refs;
}

/** Pods are refused until the namespace's default ServiceAccount is there. */
async function serviceAccountReady(cluster: Cluster, namespace: string, signal?: AbortSignal) {
  const ref: ObjectRef = { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "default" };
  const options = { limit: SERVICE_ACCOUNT_LIMIT, ...signal === undefined ? {} : { signal } };
  await poll(cluster, options, async () => await cluster.objects.get(ref) !== undefined);
}

async function gone(cluster: Cluster, refs: readonly ObjectRef[], signal?: AbortSignal) {
  const options = { limit: REMOVAL_LIMIT, ...signal === undefined ? {} : { signal } };
  for (const ref of refs) {
    if (await poll(cluster, options, async () => await cluster.objects.get(ref) === undefined)) continue;
    throw new Problem("unavailable", {
      en: `${describeRef(ref)} is still being deleted after ${REMOVAL_LIMIT / 1000} s.`,
      ko: `${describeRef(ref)} 삭제가 ${REMOVAL_LIMIT / 1000}초가 지나도 끝나지 않습니다.`,
    });
  }
}

async function identities(cluster: Cluster, { namespace, setup }: Exercise): Promise<ReadonlyMap<string, string>> {
  const uids = new Map<string, string>();
  for (const step of setup) {
    if (step.action !== "apply") continue;
    const { apiVersion, kind, metadata: { name } } = step.object;
    const found = await cluster.objects.get({ apiVersion, kind, namespace, name });
    if (found?.metadata.uid !== undefined) uids.set(`${kind}/${name}`, found.metadata.uid);
  }
  return uids;
}
