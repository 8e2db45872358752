/**
 * Containers that a criterion looks into: those of a pod by name, or of every pod that a label selector finds.
 *
 * A pod that is missing or does not run is the learner's matter and a mismatch; only a cluster that does not answer is
 * trouble of the tool.
 */
import { ApiError, type ApiObject, type ContainerRef } from "../../cluster/cluster.ts";
import { complain, fields, optional, type Shape, string } from "../shape.ts";
import { DOES_NOT_EXIST, type Mismatch, type Scope, type Target } from "./criterion.ts";

export interface ContainerTarget {
  readonly pod?: string;
  readonly selector?: string;
  readonly namespace?: string;
  readonly container?: string;
}

/** The fields by which a criterion says which containers it means. */
export const CONTAINER_FIELDS = {
  pod: optional(string()),
  selector: optional(string()),
  namespace: optional(string()),
  container: optional(string()),
};

/** Complains unless there is exactly one of pod and selector. */
export function oneWayToPods<T extends ContainerTarget>(read: Shape<T>): Shape<T> {
  return (place) => {
    const target = read(place);
    if (target === undefined || (target.pod === undefined) !== (target.selector === undefined)) return target;
    return complain(place, {
      en: "needs either pod (a name) or selector (labels)",
      ko: "pod(이름)와 selector(레이블) 중 하나만 있어야 합니다",
    });
  };
}

const asMap = oneWayToPods(fields(CONTAINER_FIELDS));

/** Where something starts from: a pod's name, or a map. */
export const from: Shape<ContainerTarget> = (place) =>
  typeof place.value === "string" ? { pod: place.value } : asMap(place);

/** What events explain, and what the task must name. */
export function podTarget({ pod, namespace }: ContainerTarget): Target {
  return {
    apiVersion: "v1",
    kind: "Pod",
    ...pod === undefined ? {} : { name: pod },
    ...namespace === undefined ? {} : { namespace },
  };
}

interface PodStatus {
  readonly containerStatuses?: readonly ContainerState[];
  readonly initContainerStatuses?: readonly ContainerState[];
}

interface ContainerState {
  readonly name: string;
  readonly state?: { readonly running?: unknown; readonly waiting?: { readonly reason?: string } };
  readonly lastState?: { readonly terminated?: unknown };
}

/**
 * Looks into each container that is meant.
 *
 * @param look gives what differs; `subject` is "Pod web"
 * @param mustRun whether a container that does not run is a mismatch already (a log outlives its container)
 */
export async function lookInto(
  scope: Scope,
  target: ContainerTarget,
  look: (container: ContainerRef, subject: string) => Promise<readonly Mismatch[]>,
  { mustRun = true }: { readonly mustRun?: boolean } = {},
): Promise<readonly Mismatch[]> {
  const { pod: name, selector, container, namespace = scope.namespace } = target;
  const kind = { apiVersion: "v1", kind: "Pod", namespace };
  if (name !== undefined) {
    const pod = await scope.objects.get({ ...kind, name });
    if (pod === undefined) return [{ subject: `Pod ${name}`, note: DOES_NOT_EXIST }];
    return await lookIntoPod(pod);
  }
  const pods = (await scope.objects.list({ ...kind, labelSelector: selector! }))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (pods.length === 0) {
    return [{ subject: `Pod (${selector})`, note: { en: "there is none", ko: "하나도 없습니다" } }];
  }
  return (await Promise.all(pods.map(lookIntoPod))).flat();

  async function lookIntoPod(pod: ApiObject): Promise<readonly Mismatch[]> {
    const { name } = pod.metadata;
    const subject = `Pod ${name}`;
    const idle = mustRun ? notRunning(pod, container) : undefined;
    if (idle !== undefined) return [{ subject, ...idle }];
    try {
      return await look({ namespace, name, ...container === undefined ? {} : { container } }, subject);
    } catch (error) {
      // It may have ended since one looked, and one that ends again and again may seem to run.
      const now = mustRun && error instanceof ApiError ? await scope.objects.get({ ...kind, name }) : undefined;
      if (now === undefined || statusOf(now, container)?.lastState?.terminated === undefined) throw error;
      return [{ subject, ...notRunning(now, container) ?? doesNotRun(container) }];
    }
  }
}

/** Of the first container, unless one is named. */
function statusOf(pod: ApiObject, name: string | undefined): ContainerState | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = (pod.status ?? {}) as PodStatus;
  return name === undefined
    ? containerStatuses[0]
    : [...containerStatuses, ...initContainerStatuses].find((one) => one.name === name);
}

/** Why nothing can be run in the container. */
function notRunning(pod: ApiObject, name: string | undefined): Omit<Mismatch, "subject"> | undefined {
  const { running, waiting } = statusOf(pod, name)?.state ?? {};
  return running === undefined ? doesNotRun(name, waiting?.reason) : undefined;
}

function doesNotRun(name: string | undefined, reason?: string): Omit<Mismatch, "subject"> {
  const [en, ko] = name === undefined ? ["", "가"] : [` ${name}`, `(${name})가`];
  const why = reason === undefined ? "" : ` (${reason})`;
  return { note: { en: `its container${en} does not run${why}`, ko: `컨테이너${ko} 실행 중이 아닙니다${why}` } };
}
