import type { Draft } from "../../kinds/object.ts";
import { podLimits, podRequests } from "../../kinds/core/pod/resources.ts";
import {
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type QuantityLike,
  quantityNumber,
  quantitySign,
} from "../../kinds/quantity.ts";
import type { Container, LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse, resourceOf } from "./plugin.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

type Resources = Readonly<Record<string, QuantityLike>>;

/**
 * A namespace's LimitRanges give containers their default requests and limits, and bound them.
 *
 * Source: `plugin/pkg/admission/limitranger`.
 */
export function limitRanger({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "LimitRanger",
    admit(attributes) {
      if (attributes.operation !== "CREATE" || attributes.subresource !== "" || resourceOf(attributes) !== "pods") {
        return;
      }
      for (const range of rangesOf(store, attributes)) setDefaults(attributes.object as Draft<Pod>, range);
    },
    validate(attributes) {
      if (!isBounded(attributes) || attributes.oldObject?.metadata.deletionTimestamp !== undefined) return;
      const check = resourceOf(attributes) === "pods" ? podProblems : claimProblems;
      for (const range of rangesOf(store, attributes)) {
        const problems = range.spec.limits.flatMap((item) => check(attributes.object as never, item));
        if (problems.length > 0) throw refuse(attributes, aggregate(problems));
      }
    },
  };
}

/** Pods are bounded when they are created or resized, claims always. */
function isBounded(attributes: Attributes): boolean {
  const { operation, subresource } = attributes;
  const resource = resourceOf(attributes);
  if (operation !== "CREATE" && operation !== "UPDATE") return false;
  if (resource === "pods") return subresource === "resize" || (subresource === "" && operation === "CREATE");
  return resource === "persistentvolumeclaims" && subresource === "";
}

function rangesOf(store: Store, { namespace }: Attributes): LimitRange[] {
  return store.list<LimitRange>("limitranges", `${namespace}/`).map(({ object }) => object);
}

/** One problem as it is, several as Go prints a list of errors. */
function aggregate(problems: readonly string[]): string {
  const distinct = [...new Set(problems)];
  return distinct.length === 1 ? distinct[0] : `[${distinct.join(", ")}]`;
}

function setDefaults(pod: Draft<Pod>, { spec }: LimitRange): void {
  const items = spec.limits.filter(({ type }) => type === "Container");
  const requests = Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest));
  const limits = Object.assign({}, ...items.map((item) => item.default));
  const said = [
    ...pod.spec.containers.flatMap((container) => fill(container, "container", requests, limits)),
    ...(pod.spec.initContainers ?? []).flatMap((container) => fill(container, "init container", requests, limits)),
  ];
  if (said.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${said.join("; ")}`,
  };
}

/** Sets what a container does not say, and says so: "cpu, memory request for container app". */
function fill(
  container: Draft<Container>,
  noun: string,
  requests: Readonly<Record<string, string>>,
  limits: Readonly<Record<string, string>>,
): string[] {
  const add = (field: "requests" | "limits", defaults: Readonly<Record<string, string>>): string[] => {
    const missing = Object.keys(defaults).filter((name) => container.resources?.[field]?.[name] === undefined).sort();
    if (missing.length === 0) return [];
    const added = Object.fromEntries(missing.map((name) => [name, defaults[name]]));
    container.resources = { ...container.resources, [field]: { ...container.resources?.[field], ...added } };
    return [`${missing.join(", ")} ${field.slice(0, -1)} for ${noun} ${container.name}`];
  };
  return [...add("requests", requests), ...add("limits", limits)];
}

function podProblems({ spec }: Pod, item: LimitRangeItem): string[] {
  if (item.type === "Pod") return problems(item, podRequests(spec), podLimits(spec));
  if (item.type !== "Container") return [];
  return [...spec.containers, ...spec.initContainers ?? []]
    .flatMap(({ resources }) => problems(item, resources?.requests ?? {}, resources?.limits ?? {}));
}

function problems(item: LimitRangeItem, requests: Resources, limits: Resources): string[] {
  const { type, min = {}, max = {}, maxLimitRequestRatio = {} } = item;
  const found = [
    ...Object.entries(min).map(([name, bound]) => belowMinimum(type, name, bound, requests[name], limits[name])),
    ...Object.entries(max).map(([name, bound]) => aboveMaximum(type, name, bound, requests[name], limits[name])),
    ...Object.entries(maxLimitRequestRatio).map(([name, bound]) =>
      aboveRatio(type, name, bound, requests[name], limits[name])
    ),
  ];
  return found.filter((problem) => problem !== undefined);
}

function claimProblems({ spec }: PersistentVolumeClaim, { type, min = {}, max = {} }: LimitRangeItem): string[] {
  if (type !== "PersistentVolumeClaim") return [];
  const requests = spec.resources?.requests ?? {};
  return [
    ...Object.entries(min).map(([name, bound]) => belowMinimum(type, name, bound, requests[name], undefined)),
    ...Object.entries(max).map(([name, bound]) => {
      const usage = `maximum ${name} usage per ${type} is ${bound}`;
      if (requests[name] === undefined) return `${usage}.  No request is specified`;
      return compareQuantities(requests[name], bound) > 0 ? `${usage}, but request is ${requests[name]}` : undefined;
    }),
  ].filter((problem) => problem !== undefined);
}

type Asked = QuantityLike | undefined;

const text = (quantity: QuantityLike): string => typeof quantity === "string" ? quantity : formatQuantity(quantity);

function belowMinimum(type: string, name: string, bound: string, request: Asked, limit: Asked): string | undefined {
  const usage = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${usage}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${usage}, but request is ${text(request)}`;
  if (limit !== undefined && compareQuantities(limit, bound) < 0) return `${usage}, but limit is ${text(limit)}`;
  return undefined;
}

function aboveMaximum(type: string, name: string, bound: string, request: Asked, limit: Asked): string | undefined {
  const usage = `maximum ${name} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${usage}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${usage}, but limit is ${text(limit)}`;
  if (request !== undefined && compareQuantities(request, bound) > 0) {
    return `${usage}, but request is ${text(request)}`;
  }
  return undefined;
}

function aboveRatio(type: string, name: string, bound: string, request: Asked, limit: Asked): string | undefined {
  const usage = `${name} max limit to request ratio per ${type} is ${bound}`;
  const isNothing = (quantity: Asked) =>
    quantity === undefined || quantitySign(typeof quantity === "string" ? parseQuantity(quantity) : quantity) === 0;
  if (isNothing(request)) return `${usage}, but no request is specified or request is 0`;
  if (isNothing(limit)) return `${usage}, but no limit is specified or limit is 0`;
  const ratio = quantityNumber(limit!) / quantityNumber(request!);
  return ratio > quantityNumber(bound) ? `${usage}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
