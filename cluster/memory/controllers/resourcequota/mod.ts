/**
 * Adds up what a namespace uses of its quotas. Admission charges what is created; here it is corrected, and given back
 * when something goes.
 *
 * Source: `pkg/controller/resourcequota`.
 */
import { splitKey } from "../../api/informer.ts";
import { resourceQuotas as quotaKind } from "../../api/kind_refs.ts";
import type { Informer } from "../../api/informer.ts";
import { bucketOf } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import { addResources, pickResources, type ResourceList } from "../../kinds/quota/resource_list.ts";
import { type QuotaEvaluator, quotaEvaluator, quotaMatches, scopesOf } from "../../kinds/quota/usage.ts";
import type { ResourceQuota } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  inNamespace,
  keyOfObject,
  reconcileQueue,
} from "../controller.ts";
import { every } from "../every.ts";

/** Milliseconds between two looks at everything. */
const RESYNC = 5 * 60_000;

interface Counted {
  readonly evaluator: QuotaEvaluator;
  readonly informer: Informer;
}

export function startResourceQuotaController(context: ControllerContext): Controller {
  const { client, clock, informers, options } = context;
  const quotas = indexByNamespace(informers.for<ResourceQuota>(quotaKind));
  const counted = new Map<string, Counted>();

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const quota = quotas.get(namespace, name);
    if (quota === undefined) return;
    const hard = quota.spec.hard ?? {};
    const used = { ...quota.status?.used, ...usageOf(quota, [...counted.values()], clock.now()) };
    const status = { hard, used: pickResources(used, Object.keys(hard)) };
    if (same(quota.status, status)) return;
    await client.updateStatus(quotaKind, { ...quota, status });
  };
  const queue = reconcileQueue(context, reconcile);
  const add = (quota: ResourceQuota) => queue.add(keyOfObject(quota));
  quotas.on({
    added: add,
    // What admission charged is not looked at again: only what is wanted.
    updated: (quota, old) =>
      same(quota.spec, old.spec) && same(quota.status?.hard, quota.spec.hard) ? undefined : add(quota),
  });

  const watchAll = () => {
    for (const resource of options.resources?.() ?? []) {
      const bucket = bucketOf(resource);
      const evaluator = resource.namespaced ? quotaEvaluator(resource) : undefined;
      if (evaluator === undefined || counted.has(bucket)) continue;
      const { verbs } = resource;
      if (verbs !== undefined && !["create", "list", "watch", "delete"].every((verb) => verbs.includes(verb))) continue;
      const informer = indexByNamespace(informers.for(resource));
      counted.set(bucket, { evaluator, informer });
      const replenish = ({ metadata }: KubeObject) => {
        for (const quota of inNamespace(quotas, metadata.namespace!)) {
          if (Object.keys(quota.status?.hard ?? quota.spec.hard ?? {}).some(evaluator.handles)) add(quota);
        }
      };
      informer.on({
        updated(object, old) {
          const now = clock.now();
          if (!same(evaluator.usage(object, now), evaluator.usage(old, now))) replenish(object);
        },
        deleted: replenish,
      });
    }
  };
  watchAll();
  options.onResourcesChange?.(watchAll);
  const resync = every(context, RESYNC, () => Promise.resolve(quotas.list().forEach(add)));
  return {
    stop() {
      queue.stop();
      resync.stop();
    },
  };
}

/** What the objects of the quota's namespace take of it; nothing counts as "0". */
function usageOf(quota: ResourceQuota, counted: readonly Counted[], now: number): ResourceList {
  const hard = Object.keys(quota.spec.hard ?? {});
  const wanted = { ...quota, status: { hard: quota.spec.hard } };
  let usage: ResourceList = {};
  for (const { evaluator, informer } of counted) {
    const names = hard.filter((name) => evaluator.handles(name));
    if (names.length === 0) continue;
    usage = addResources(usage, Object.fromEntries(names.map((name) => [name, "0"])));
    for (const object of inNamespace(informer, quota.metadata.namespace!)) {
      const matches = scopesOf(quota).length === 0 || quotaMatches(wanted, evaluator, object);
      if (matches) usage = addResources(usage, pickResources(evaluator.usage(object, now), names));
    }
  }
  return usage;
}
