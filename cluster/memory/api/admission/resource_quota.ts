import type { ResourceQuota } from "../../kinds/schema/types.ts";
import {
  addResources,
  describeResources,
  exceeding,
  pickResources,
  type ResourceList,
  subtractResources,
  withoutZeros,
} from "../../kinds/quota/resource_list.ts";
import { type QuotaEvaluator, quotaEvaluator, quotaMatches } from "../../kinds/quota/usage.ts";
import { parseQuantity, quantitySign } from "../../kinds/quantity.ts";
import { StatusError } from "../status.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse } from "./plugin.ts";

export interface ResourceQuotaContext extends AdmissionContext {
  /** Writes a quota's status as the API server itself; rejects with a conflict when it changed meanwhile. */
  updateQuotaStatus(quota: ResourceQuota): Promise<unknown>;
}

/** How often a charge is tried again when the quota changes under it. */
const TRIES = 5;

/**
 * Objects are refused that would take more of a namespace than its ResourceQuotas allow. Last of all plugins, because it
 * charges what it admits; the quota controller corrects what then was not stored.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/resourcequota`.
 */
export function resourceQuota(context: ResourceQuotaContext): AdmissionPlugin {
  /** A namespace's charges happen one after the other. */
  const charging = new Map<string, Promise<void>>();
  return {
    name: "ResourceQuota",
    async validate(attributes) {
      const evaluator = applicable(attributes);
      if (evaluator === undefined || quotasOf(context, attributes).length === 0) return;
      const { namespace } = attributes;
      const before = charging.get(namespace) ?? Promise.resolve();
      const charge = before.then(() => chargeQuotas(context, attributes, evaluator));
      const settled = charge.catch(() => {});
      charging.set(namespace, settled);
      try {
        await charge;
      } finally {
        if (charging.get(namespace) === settled) charging.delete(namespace);
      }
    },
  };
}

function applicable({ operation, group, resource, subresource, namespace, object, oldObject }: Attributes) {
  if (namespace === "" || object === undefined) return undefined;
  const evaluator = quotaEvaluator({ group, plural: resource });
  if (evaluator === undefined) return undefined;
  if (operation === "CREATE") return subresource === "" ? evaluator : undefined;
  if (operation !== "UPDATE") return undefined;
  if (subresource === "resize") return evaluator;
  if (subresource !== "") return undefined;
  return evaluator.countsUpdates || changesDeadline(object, oldObject) ? evaluator : undefined;
}

/** A pod that gets a deadline moves between quotas for terminating and other pods. */
function changesDeadline(object: unknown, old: unknown): boolean {
  const deadline = (pod: unknown) =>
    (pod as { spec?: { activeDeadlineSeconds?: number } })?.spec?.activeDeadlineSeconds;
  return (deadline(object) === undefined) !== (deadline(old) === undefined);
}

function quotasOf({ store }: AdmissionContext, { namespace }: Attributes): ResourceQuota[] {
  return store.list<ResourceQuota>("resourcequotas", `${namespace}/`).map(({ object }) => object);
}

async function chargeQuotas(context: ResourceQuotaContext, attributes: Attributes, evaluator: QuotaEvaluator) {
  for (let attempt = 1;; attempt++) {
    const charged = check(quotasOf(context, attributes), attributes, evaluator, context.clock.now());
    if (attributes.dryRun) return;
    try {
      for (const quota of charged) await context.updateQuotaStatus(quota);
      return;
    } catch (error) {
      const isConflict = error instanceof StatusError && error.reason === "Conflict";
      if (!isConflict || attempt === TRIES) throw error;
    }
  }
}

/** The quotas with the object charged. @throws {StatusError} when one of them does not allow it */
function check(quotas: readonly ResourceQuota[], attributes: Attributes, evaluator: QuotaEvaluator, now: number) {
  const object = attributes.object!;
  const matching = quotas.filter((quota) => quotaMatches(quota, evaluator, object));
  for (const quota of matching) checkStatus(quota, attributes, evaluator);
  const usage = evaluator.usage(object, now);
  const negative = Object.keys(usage).filter((name) => quantitySign(parseQuantity(usage[name])) < 0);
  if (negative.length > 0) {
    throw refuse(attributes, `quota usage is negative for resource(s): ${negative.sort().join(",")}`);
  }
  return matching.flatMap((quota) => {
    const old = attributes.oldObject;
    const isCharged = attributes.operation === "UPDATE" && old !== undefined && quotaMatches(quota, evaluator, old);
    const delta = withoutZeros(isCharged ? subtractResources(usage, evaluator.usage(old, now)) : usage);
    const requested = pickResources(delta, Object.keys(quota.status?.hard ?? {}));
    return Object.keys(requested).length === 0 ? [] : [charge(quota, requested, attributes)];
  });
}

function checkStatus(quota: ResourceQuota, attributes: Attributes, evaluator: QuotaEvaluator): void {
  const { hard = {}, used = {} } = quota.status ?? {};
  const restricted = Object.keys(hard).filter(evaluator.handles);
  const { name } = quota.metadata;
  const missing = evaluator.constraint?.(attributes.object!, restricted);
  if (missing !== undefined) throw refuse(attributes, `failed quota: ${name}: ${missing}`);
  if (restricted.some((resource) => used[resource] === undefined)) {
    throw refuse(attributes, `status unknown for quota: ${name}, resources: ${restricted.sort().join(",")}`);
  }
}

function charge(quota: ResourceQuota, requested: ResourceList, attributes: Attributes): ResourceQuota {
  const { hard = {}, used = {} } = quota.status ?? {};
  const total = addResources(used, requested);
  const exceeded = exceeding(pickResources(total, Object.keys(requested)), hard);
  if (exceeded.length > 0) {
    const of = (list: ResourceList) => describeResources(pickResources(list, exceeded));
    throw refuse(
      attributes,
      `exceeded quota: ${quota.metadata.name}, requested: ${of(requested)}, used: ${of(used)}, limited: ${of(hard)}`,
    );
  }
  return { ...quota, status: { ...quota.status, used: total } };
}
