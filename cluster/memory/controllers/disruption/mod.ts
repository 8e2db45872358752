/**
 * Says how many pods of each PodDisruptionBudget may be evicted now.
 *
 * Source: `pkg/controller/disruption`.
 */
import { splitKey } from "../../api/informer.ts";
import { podDisruptionBudgets as budgetKind, pods as podKind } from "../../api/kind_refs.ts";
import { instant, timestamp } from "../../api/timestamps.ts";
import type { Condition, Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  isConflict,
  isNotFound,
  keyOfObject,
  messageOf,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { indexByLabels, indexBySelector, selectedBy, selecting } from "../label_index.ts";
import { isReady, isTerminal, podCondition } from "../pod_state.ts";
import { expectedPods } from "./expected.ts";

/** Milliseconds after which an eviction that was allowed, and did not happen, is forgotten. */
const DELETION_TIMEOUT = 2 * 60_000;

const selectorOf = ({ spec }: PodDisruptionBudget) => spec.selector;

export function startDisruptionController(context: ControllerContext): Controller {
  const { client, clock, informers, options } = context;
  const budgets = indexBySelector(informers.for<PodDisruptionBudget>(budgetKind), selectorOf);
  const pods = indexByLabels(informers.for<Pod>(podKind));
  const recorder = recorderOf(context, "controllermanager");

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const budget = budgets.get(namespace, name);
    if (budget === undefined) return;
    try {
      await sync(key, budget);
    } catch (error) {
      if (isConflict(error)) throw error;
      await failSafe(budget, error);
    }
  };

  const sync = async (key: string, budget: PodDisruptionBudget) => {
    const { namespace } = budget.metadata;
    const selected = selectedBy(pods, namespace!, budget.spec.selector);
    if (selected.length === 0) recorder.event(budget, "Normal", "NoPods", "No matching pods found");
    let expected;
    try {
      expected = await expectedPods(client, options.resources?.() ?? [], budget, selected);
    } catch (error) {
      const message = `Failed to calculate the number of expected pods: ${messageOf(error)}`;
      recorder.event(budget, "Warning", "CalculateExpectedPodCountFailed", message);
      throw error;
    }
    if (expected.unmanaged.length > 0) recorder.event(budget, "Warning", "UnmanagedPods", unmanagedMessage(budget));
    const now = clock.now();
    const disrupted = stillDisrupted(budget, selected, now);
    const healthy =
      selected.filter((pod) =>
        pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name!] === undefined && isReady(pod)
      ).length;
    const allowed = expected.pods <= 0 ? 0 : Math.max(0, healthy - expected.healthy);
    const conditions = withAllowed(budget, allowed, now);
    const status: PodDisruptionBudgetStatus = {
      currentHealthy: healthy,
      desiredHealthy: expected.healthy,
      disruptionsAllowed: allowed,
      expectedPods: expected.pods,
      observedGeneration: budget.metadata.generation,
      ...Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted },
      conditions,
    };
    if (!same(budget.status, status)) await client.updateStatus(budgetKind, { ...budget, status });
    const times = Object.values(disrupted).map((time) => instant(time)! + DELETION_TIMEOUT - now);
    if (times.length > 0) queue.addAfter(key, Math.max(1, Math.min(...times)));
  };

  /** Evictions that were allowed and have not been seen yet. */
  const stillDisrupted = (budget: PodDisruptionBudget, selected: readonly Pod[], now: number) => {
    const result: Record<string, string> = {};
    for (const pod of selected) {
      const time = budget.status?.disruptedPods?.[pod.metadata.name!];
      if (time === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
      if (instant(time)! + DELETION_TIMEOUT >= now) result[pod.metadata.name!] = time;
      else {
        const { namespace } = budget.metadata;
        const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
        recorder.event(pod, "Warning", "NotDeleted", message);
      }
    }
    return result;
  };

  /** Whoever cannot count must not let anything go. */
  const failSafe = async (budget: PodDisruptionBudget, error: unknown) => {
    const observedGeneration = budget.status?.observedGeneration ?? 0;
    const failed = condition(clock.now(), "False", "SyncFailed", messageOf(error), observedGeneration);
    const conditions = replaced(budget, failed);
    const status = { ...budget.status, disruptionsAllowed: 0, conditions } as PodDisruptionBudgetStatus;
    if (!same(budget.status, status)) await client.updateStatus(budgetKind, { ...budget, status });
  };

  const queue = reconcileQueue(context, reconcile);
  const stale = staleConditions(context);
  const add = (budget: PodDisruptionBudget) => queue.add(keyOfObject(budget));
  budgets.on({ added: add, updated: (budget) => add(budget), deleted: add });
  const podChanged = (pod: Pod) => {
    const [budget, ...others] = selecting(budgets, pod.metadata.namespace!, pod.metadata.labels, selectorOf);
    if (budget === undefined) return;
    if (others.length > 0) {
      const { namespace, name } = pod.metadata;
      const subject = `Pod ${JSON.stringify(namespace)}/${JSON.stringify(name)} matches multiple PodDisruptionBudgets.`;
      const message = `${subject}  Chose ${JSON.stringify(budget.metadata.name)} arbitrarily.`;
      recorder.event(pod, "Warning", "MultiplePodDisruptionBudgets", message);
    }
    add(budget);
  };
  pods.on({
    added(pod) {
      podChanged(pod);
      stale.check(pod);
    },
    updated(pod) {
      podChanged(pod);
      stale.check(pod);
    },
    deleted: podChanged,
  });
  return {
    stop() {
      queue.stop();
      stale.stop();
    },
  };
}

function unmanagedMessage({ spec }: PodDisruptionBudget): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${goSelector(spec.selector)}) were found ` +
    "to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in " +
    'undefined behavior. To account for these pods please set ".spec.minAvailable" ' +
    "field of the PDB to an integer value.";
}

/** A LabelSelector as Go's %v prints the pointer to it. */
function goSelector(selector: PodDisruptionBudget["spec"]["selector"]): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).sort().map(([key, value]) => `${key}: ${value},`).join("");
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `{${key} ${operator} [${values.join(" ")}]},`
  ).join("");
  const map = selector?.matchLabels === undefined ? "map[string]string{}" : `map[string]string{${labels}}`;
  return `&LabelSelector{MatchLabels:${map},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

function condition(
  now: number,
  status: string,
  reason: string,
  message: string,
  observedGeneration: number,
): Condition {
  return { type: "DisruptionAllowed", status, observedGeneration, lastTransitionTime: timestamp(now), reason, message };
}

function withAllowed(budget: PodDisruptionBudget, allowed: number, now: number): readonly Condition[] {
  const { generation = 0 } = budget.metadata;
  return replaced(
    budget,
    allowed > 0
      ? condition(now, "True", "SufficientPods", "", generation)
      : condition(now, "False", "InsufficientPods", "", generation),
  );
}

/** The conditions with this one in its place; its time is kept while its status is. */
function replaced({ status }: PodDisruptionBudget, wanted: Condition): readonly Condition[] {
  const conditions = status?.conditions ?? [];
  const current = conditions.find(({ type }) => type === wanted.type);
  if (current === undefined) return [...conditions, wanted];
  const { lastTransitionTime } = current.status === wanted.status ? current : wanted;
  return conditions.map((other) => other === current ? { ...wanted, lastTransitionTime } : other);
}

/** A pod that was to be disrupted and is still there after a while is no longer said to be about to go. */
function staleConditions(context: ControllerContext) {
  const { client, clock, informers } = context;
  const pods = informers.for<Pod>(podKind);
  const left = (pod: Pod): number | undefined => {
    const target = podCondition(pod, "DisruptionTarget");
    if (pod.metadata.deletionTimestamp !== undefined || target?.status !== "True" || isTerminal(pod)) return undefined;
    if (target.reason === "TerminationByKubelet") return undefined;
    return Math.max(0, instant(target.lastTransitionTime)! + DELETION_TIMEOUT - clock.now());
  };
  const queue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    const ms = pod && left(pod);
    if (pod === undefined || ms === undefined) return;
    if (ms > 0) return queue.addAfter(key, ms);
    const cleared = {
      type: "DisruptionTarget",
      observedGeneration: pod.metadata.generation,
      status: "False",
      lastTransitionTime: timestamp(clock.now()),
    };
    const conditions = pod.status.conditions!.map((other) => other.type === cleared.type ? cleared : other);
    try {
      await client.updateStatus(podKind, { ...pod, status: { ...pod.status, conditions } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
  return {
    check(pod: Pod) {
      const ms = left(pod);
      if (ms !== undefined) queue.addAfter(keyOfObject(pod), ms);
    },
    stop: () => queue.stop(),
  };
}
