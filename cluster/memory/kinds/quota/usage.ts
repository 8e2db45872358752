/**
 * What an object counts for in a ResourceQuota. Admission charges it, the quota controller adds it up.
 *
 * Source: `pkg/quota/v1/evaluator/core`, `k8s.io/apiserver/pkg/quota/v1/generic`.
 */
import { bucketOf } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import { compareQuantities, formatQuantity, parseQuantity, quantityValue } from "../quantity.ts";
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from "../schema/types.ts";
import { podConstraint, podMatchesScope, podQuotaResource, podUsage } from "./pod_usage.ts";
import type { ResourceList } from "./resource_list.ts";

export interface ScopeSelector {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** How one resource counts. */
export interface QuotaEvaluator {
  usage(object: KubeObject, now: number): ResourceList;
  /** Whether an entry of a quota's `hard` is about this resource. */
  handles(name: string): boolean;
  matchesScope(object: KubeObject, scope: ScopeSelector): boolean;
  /** What the object fails to say although the quota's resources demand it. */
  constraint?(object: KubeObject, resources: readonly string[]): string | undefined;
  /** Updates count too, not only creations: a size or a type may change. */
  readonly countsUpdates: boolean;
}

/** The names from before `count/…` that count objects too. */
const ALIASES = new Set(["configmaps", "resourcequotas", "replicationcontrollers", "secrets"]);

const UNCOUNTED = new Set(["bindings", "componentstatuses", "events", "events.k8s.io/events"]);

/** How a resource counts, or undefined for those that never do. */
export function quotaEvaluator(
  { group, plural }: { readonly group: string; readonly plural: string },
): QuotaEvaluator | undefined {
  const bucket = bucketOf({ group, plural });
  if (UNCOUNTED.has(bucket) || group === "authentication.k8s.io" || group === "authorization.k8s.io") return undefined;
  return SPECIAL[bucket] ??
    objectCount(group === "" ? plural : `${plural}.${group}`, ALIASES.has(bucket) ? plural : undefined);
}

function objectCount(name: string, alias: string | undefined): QuotaEvaluator {
  const names = [`count/${name}`, ...alias === undefined ? [] : [alias]];
  const usage = Object.fromEntries(names.map((name) => [name, "1"]));
  return {
    usage: () => usage,
    handles: (name) => names.includes(name),
    matchesScope: () => false,
    countsUpdates: false,
  };
}

const SPECIAL: Readonly<Record<string, QuotaEvaluator>> = {
  pods: {
    usage: (object, now) => podUsage(object as Pod, now),
    handles: podQuotaResource,
    matchesScope: (object, scope) => podMatchesScope(object as Pod, scope),
    constraint: (object, resources) => podConstraint(object as Pod, resources),
    countsUpdates: false,
  },
  services: {
    usage: (object) => serviceUsage(object as Service),
    handles: (name) => ["count/services", "services", "services.nodeports", "services.loadbalancers"].includes(name),
    matchesScope: () => false,
    countsUpdates: true,
  },
  persistentvolumeclaims: {
    usage: (object) => claimUsage(object as PersistentVolumeClaim),
    handles: (name) =>
      name === "count/persistentvolumeclaims" ||
      CLAIM_RESOURCES.some((resource) => name === resource || name.endsWith(`${BY_CLASS}${resource}`)),
    matchesScope: (object, { scopeName, operator, values = [] }) => {
      const { spec } = object as PersistentVolumeClaim;
      return scopeName === "VolumeAttributesClass" &&
        matchesSet(spec.volumeAttributesClassName, operator, values);
    },
    countsUpdates: true,
  },
};

function serviceUsage({ spec }: Service): ResourceList {
  const ports = spec.ports ?? [];
  const allocates = spec.type === "NodePort" ||
    (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
  const explicit = spec.type === "LoadBalancer" ? ports.filter(({ nodePort }) => nodePort).length : 0;
  return {
    "count/services": "1",
    services: "1",
    "services.loadbalancers": spec.type === "LoadBalancer" ? "1" : "0",
    "services.nodeports": String(allocates ? ports.length : explicit),
  };
}

const BY_CLASS = ".storageclass.storage.k8s.io/";
const CLAIM_RESOURCES = ["persistentvolumeclaims", "requests.storage"];

function claimUsage({ metadata, spec, status }: PersistentVolumeClaim): ResourceList {
  const className = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
  const usage: Record<string, string> = { persistentvolumeclaims: "1", "count/persistentvolumeclaims": "1" };
  if (className !== "") usage[`${className}${BY_CLASS}persistentvolumeclaims`] = "1";
  const asked = spec.resources?.requests?.storage;
  if (asked === undefined) return usage;
  const allocated = status?.allocatedResources?.storage;
  const larger = allocated !== undefined && compareQuantities(allocated, asked) > 0 ? allocated : asked;
  const storage = wholeBytes(larger);
  usage["requests.storage"] = storage;
  if (className !== "") usage[`${className}${BY_CLASS}requests.storage`] = storage;
  return usage;
}

/** Quotas count whole bytes. */
function wholeBytes(text: string): string {
  const { format } = parseQuantity(text);
  return formatQuantity({ digits: quantityValue(text), exponent: 0, format });
}

export function matchesSet(value: string | undefined, operator: string, values: readonly string[]): boolean {
  const present = value !== undefined && value !== "";
  switch (operator) {
    case "In":
      return present && values.includes(value);
    case "NotIn":
      return !present || !values.includes(value);
    case "Exists":
      return present;
    default:
      return !present;
  }
}

/** The scopes of a quota, all of which an object must match. */
export function scopesOf({ spec }: ResourceQuota): ScopeSelector[] {
  return [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...spec.scopeSelector?.matchExpressions ?? [],
  ];
}

/** Whether a quota is about an object: through one of its resources, and all of its scopes. */
export function quotaMatches(quota: ResourceQuota, evaluator: QuotaEvaluator, object: KubeObject): boolean {
  const hard = Object.keys(quota.status?.hard ?? quota.spec.hard ?? {});
  return hard.some(evaluator.handles) && scopesOf(quota).every((scope) => evaluator.matchesScope(object, scope));
}
