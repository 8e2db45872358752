/**
 * Eviction: a deletion that asks the pod's disruption budget first.
 *
 * Source: `pkg/registry/core/pod/storage/eviction.go`.
 */
import { labelSelectorMatches } from "../../kinds/label_selector.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { shapeOf } from "../../kinds/schema/shape.ts";
import type { DeleteOptions, Eviction, Pod, PodDisruptionBudget, Status } from "../../kinds/schema/types.ts";
import { validateAdmission } from "../registry/admission.ts";
import type { Call, Core } from "../registry/call.ts";
import { remove } from "../registry/delete.ts";
import { get } from "../registry/get.ts";
import { rewrite } from "../registry/rewrite.ts";
import type { SubresourceHandler } from "../registry/subresource.ts";
import { badRequest, failure, forbidden, StatusError, tooManyRequests } from "../status.ts";
import { timestamp } from "../timestamps.ts";

/** How many evicted pods a budget remembers before it waits for its controller. */
const MOST_DISRUPTED = 2000;

const SUCCESS: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };

/** Pods that do not run, or are on their way out, disrupt nobody. */
function ignoresBudgets({ metadata, status }: Pod): boolean {
  return ["Succeeded", "Failed", "Pending"].includes(status?.phase ?? "") || metadata.deletionTimestamp !== undefined;
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

async function evict(core: Core, call: Call, eviction: Eviction): Promise<Status> {
  if (eviction.metadata.name !== call.name) throw badRequest("name in URL does not match name in Eviction object");
  const options = eviction.deleteOptions ?? {};
  const dryRun = call.dryRun || (options.dryRun ?? []).length > 0;
  const own: Call = { ...call, dryRun };
  await validateAdmission(core, own, "CREATE", eviction as unknown as Draft<KubeObject>, undefined);
  const pod = get(core, own) as unknown as Pod;
  if (ignoresBudgets(pod)) {
    await finish(core, own, options);
    return SUCCESS;
  }
  const budgets = budgetsOf(core, pod);
  if (budgets.length > 1) {
    const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code: 500 };
  }
  const [budget] = budgets;
  if (budget === undefined) {
    await finish(core, own, options);
    return SUCCESS;
  }
  if (mayGoUnready(pod, budget)) {
    const { resourceVersion } = pod.metadata;
    await finishUnchanged(
      core,
      own,
      { ...options, preconditions: { ...options.preconditions, resourceVersion } },
      budget,
    );
    return SUCCESS;
  }
  charge(core, own, pod, budget);
  await finish(core, own, options);
  return SUCCESS;
}

function budgetsOf({ store }: Core, { metadata }: Pod): PodDisruptionBudget[] {
  return store.list<PodDisruptionBudget>("policy/poddisruptionbudgets", `${metadata.namespace}/`)
    .map(({ object }) => object)
    .filter(({ spec }) => labelSelectorMatches(spec?.selector, metadata.labels));
}

/** A pod that is not ready does not count: it may go while the others are enough, or always. */
function mayGoUnready(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** Takes one disruption from the budget. @throws {StatusError} 429 when there is none left */
function charge(core: Core, call: Call, pod: Pod, { metadata }: PodDisruptionBudget): void {
  const served = core.kinds.stored("policy/poddisruptionbudgets")!;
  const name = metadata.name!;
  rewrite<PodDisruptionBudget>(core, { ...call, served, name, subresource: "" }, (budget) => {
    const status = budget.status ??= {} as Draft<NonNullable<PodDisruptionBudget["status"]>>;
    if ((status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
      throw withCause(
        tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 10),
        `The disruption budget ${name} is still being processed by the server.`,
      );
    }
    const why = (message: string) => forbidden({ group: "policy", name: "poddisruptionbudget" }, name, message);
    if ((status.disruptionsAllowed ?? 0) < 0) throw why("pdb disruptions allowed is negative");
    if (Object.keys(status.disruptedPods ?? {}).length > MOST_DISRUPTED) {
      throw why("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if (!status.disruptionsAllowed) {
      const { desiredHealthy = 0, currentHealthy = 0 } = status;
      const failed = status.conditions?.find(({ type, status, reason }) =>
        type === "DisruptionAllowed" && status === "False" && reason === "SyncFailed"
      );
      throw withCause(
        tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 0),
        failed !== undefined
          ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`
          : `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
      );
    }
    status.disruptionsAllowed--;
    status.disruptedPods = { ...status.disruptedPods, [pod.metadata.name!]: timestamp(core.clock.now()) };
  });
}

function withCause(error: StatusError, message: string): StatusError {
  const causes = [{ reason: "DisruptionBudget", message }];
  return new StatusError({ ...error.status, details: { ...error.status.details, causes } });
}

/** Tells by a condition why the pod goes, and deletes it. */
async function finish(core: Core, call: Call, options: DeleteOptions): Promise<void> {
  const pod: Call = { ...call, subresource: "" };
  let { preconditions } = options;
  if (!call.dryRun) {
    const marked = rewrite<Pod>(core, pod, ({ status }, old) => {
      checkPreconditions(old, preconditions);
      if (status === undefined) return;
      const others = (status.conditions ?? []).filter(({ type }) => type !== "DisruptionTarget");
      status.conditions = [...others, {
        type: "DisruptionTarget",
        status: "True",
        reason: "EvictionByEvictionAPI",
        message: "Eviction API: evicting",
        lastTransitionTime: timestamp(core.clock.now()),
      }];
    });
    if (preconditions?.resourceVersion) {
      preconditions = { ...preconditions, resourceVersion: marked.metadata.resourceVersion };
    }
  }
  await remove(core, pod, { ...options, preconditions });
}

async function finishUnchanged(core: Core, call: Call, options: DeleteOptions, { metadata }: PodDisruptionBudget) {
  try {
    await finish(core, call, options);
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === "Conflict")) throw error;
    throw withCause(
      tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 10),
      `The disruption budget ${metadata.name} is still being processed by the server.`,
    );
  }
}

function checkPreconditions({ metadata }: Pod, preconditions: DeleteOptions["preconditions"]): void {
  const differs = (what: string, asked: string | undefined, found: string | undefined, hint: string) => {
    if (!asked || asked === found) return;
    const message = `Operation cannot be fulfilled on Pod ${JSON.stringify(metadata.name)}: the ${what} in the ` +
      `precondition (${asked}) does not match the ${what} in record (${found}). The object might have been ${hint}`;
    throw failure(409, "Conflict", message, { name: metadata.name, kind: "Pod" });
  };
  differs("UID", preconditions?.uid, metadata.uid, "deleted and then recreated");
  differs("ResourceVersion", preconditions?.resourceVersion, metadata.resourceVersion, "modified");
}

/** POST …/pods/NAME/eviction */
export const eviction: SubresourceHandler = {
  type: { group: "policy", version: "v1", kind: "Eviction", shape: shapeOf("policy.v1.Eviction") },
  create: (core, call, body) => evict(core, call, body as unknown as Eviction),
};
