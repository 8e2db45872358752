/**
 * The row of a pod in `kubectl get pods`.
 *
 * Source: printPod of `pkg/printers/internalversion/printers.go`.
 */
import type { RowCondition } from "../../kind.ts";
import type { Container, ContainerStatus, Pod, PodStatus } from "../../schema/types.ts";
import { age, tableOf } from "../../table.ts";
import { isTerminalPhase } from "./phase.ts";
import { isSidecar } from "./resources.ts";

/** What a pod's containers come to. */
interface Summary {
  readonly status: string;
  readonly ready: number;
  readonly restarts: number;
  /** When a container last ended to be started again. */
  readonly lastRestart?: string;
}

export const podTable = tableOf<Pod>("core.v1.Pod", (pod, now) => {
  const { metadata, spec, status } = pod;
  const { ready, restarts, lastRestart, ...summary } = summarize(pod);
  const total = (spec.containers ?? []).length + (spec.initContainers ?? []).filter(isSidecar).length;
  const conditions = status?.conditions ?? [];
  const gates = (spec.readinessGates ?? []).map(({ conditionType }) =>
    conditions.find(({ type }) => type === conditionType)?.status === "True"
  );
  return [
    metadata.name ?? "",
    `${ready}/${total}`,
    whileDeleted(pod) ?? summary.status,
    restarts !== 0 && lastRestart ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts),
    age(metadata.creationTimestamp, now),
    status?.podIPs?.[0]?.ip || "<none>",
    spec.nodeName || "<none>",
    status?.nominatedNodeName || "<none>",
    gates.length === 0 ? "<none>" : `${gates.filter((isTrue) => isTrue).length}/${gates.length}`,
  ];
}, podConditions);

/** A pod that has ended is marked, so that clients can leave it out. */
function podConditions({ status }: Pod): readonly RowCondition[] {
  const row = (reason: string, message: string) => [{ type: "Completed", status: "True", reason, message }];
  if (status?.phase === "Succeeded") return row("Succeeded", "The pod has completed successfully.");
  return status?.phase === "Failed" ? row("Failed", "The pod failed.") : [];
}

function whileDeleted({ metadata, status }: Pod): string | undefined {
  if (!metadata.deletionTimestamp) return undefined;
  if (status?.reason === "NodeLost") return "Unknown";
  return isTerminalPhase(status?.phase) ? undefined : "Terminating";
}

function summarize({ spec, status = {} }: Pod): Summary {
  let reason = status.reason || (status.phase ?? "");
  const gated = status.conditions?.some((it) => it.type === "PodScheduled" && it.reason === "SchedulingGated");
  if (gated) reason = "SchedulingGated";
  const init = summarizeInit(status, spec.initContainers ?? [], reason);
  if (init.initializing && !isTrue(status, "Initialized")) return init;
  return summarizeContainers(status, init);
}

const isTrue = ({ conditions = [] }: PodStatus, type: string): boolean =>
  conditions.find((condition) => condition.type === type)?.status === "True";

/** The later of two times; either may be missing. */
const later = (a: string | undefined, b: string | undefined): string | undefined =>
  !a || b && Date.parse(b) > Date.parse(a) ? b : a;

/** Restarts of sidecars count on while the pod runs, those of other init containers only until it does. */
interface InitSummary extends Summary {
  readonly initializing: boolean;
  readonly sidecars: { readonly restarts: number; readonly lastRestart?: string };
}

function summarizeInit(status: PodStatus, containers: readonly Container[], reason: string): InitSummary {
  let ready = 0;
  const all = { restarts: 0, lastRestart: undefined as string | undefined };
  const sidecars = { ...all };
  for (const [i, it] of (status.initContainerStatuses ?? []).entries()) {
    const container = containers.find(({ name }) => name === it.name);
    const sidecar = container !== undefined && isSidecar(container);
    for (const sum of sidecar ? [all, sidecars] : [all]) {
      sum.restarts += it.restartCount ?? 0;
      sum.lastRestart = later(sum.lastRestart, it.lastState?.terminated?.finishedAt);
    }
    const ended = it.state?.terminated;
    if (ended?.exitCode === 0) continue;
    if (sidecar && it.started) {
      if (it.ready) ready++;
      continue;
    }
    const waiting = it.state?.waiting?.reason;
    const what = ended
      ? endReason(ended)
      : waiting && waiting !== "PodInitializing"
      ? waiting
      : `${i}/${containers.length}`;
    return { status: `Init:${what}`, ready, ...all, sidecars, initializing: true };
  }
  return { status: reason, ready, ...all, sidecars, initializing: false };
}

type Terminated = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

const endReason = ({ reason, signal, exitCode }: Terminated): string =>
  reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);

function summarizeContainers(status: PodStatus, init: InitSummary): Summary {
  let { status: reason, ready } = init;
  let { restarts, lastRestart } = init.sidecars;
  let running = false;
  let failure = "";
  for (const it of [...status.containerStatuses ?? []].reverse()) {
    restarts += it.restartCount ?? 0;
    lastRestart = later(lastRestart, it.lastState?.terminated?.finishedAt);
    const ended = it.state?.terminated;
    if (it.state?.waiting?.reason) reason = it.state.waiting.reason;
    else if (ended) {
      reason = endReason(ended);
      if (ended.exitCode !== 0) failure = reason;
    } else if (it.ready && it.state?.running) {
      running = true;
      ready++;
    }
  }
  // One container has ended, but others may still run.
  if (reason === "Completed") {
    if (running && isTrue(status, "Ready")) reason = "Running";
    else if (failure !== "") reason = failure;
    else if (running) reason = "NotReady";
  }
  return { status: reason, ready, restarts, lastRestart };
}
