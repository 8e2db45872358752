/**
 * Chooses devices for claims on one node: all of them get what they ask for, or none does.
 *
 * Requests are served in order, each with the first devices that will do; where a later one then goes without, other
 * devices are tried. Left out are devices that several requests share a part of.
 *
 * Source: `k8s.io/dynamic-resource-allocation/structured/internal/stable/allocator_stable.go`.
 */
import type {
  AllocationResult,
  DeviceClass,
  DeviceConstraint,
  DeviceRequestAllocationResult,
  DeviceSelector,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  Node,
  NodeSelector,
  ResourceSlice,
  ResourceV1ResourceClaim as ResourceClaim,
} from "../../kinds/schema/types.ts";
import { untolerated } from "../helper/tolerations.ts";
import { attributeValue, isSelected } from "./device_selector.ts";
import { type Pool, type PooledDevice, poolsFor } from "./pools.ts";
import { sharedCounters } from "./shared_counters.ts";

export interface AllocatorOptions {
  readonly slices: readonly ResourceSlice[];
  /** The ids of the devices that are taken. */
  readonly taken: ReadonlySet<string>;
  readonly deviceClass: (name: string) => DeviceClass | undefined;
}

/** What one request, or one of its alternatives, asks for. */
interface Wanted {
  /** "gpu", "gpu/small" for an alternative. */
  readonly request: string;
  readonly deviceClassName: string;
  readonly selectors: readonly DeviceSelector[];
  readonly tolerations: readonly DeviceToleration[];
  /** All that there are where it is undefined. */
  readonly count: number | undefined;
  readonly adminAccess: boolean;
}

interface Choice {
  readonly wanted: Wanted;
  readonly device: PooledDevice;
}

/** @param admin who looks after devices may have those that others use */
const wantedOf = (
  request: string,
  { deviceClassName, selectors = [], tolerations = [], allocationMode, count = 1 }:
    | ExactDeviceRequest
    | DeviceSubRequest,
  adminAccess = false,
): Wanted => ({
  request,
  deviceClassName,
  selectors,
  tolerations,
  count: allocationMode === "All" ? undefined : count,
  adminAccess,
});

/** The alternatives of each request of a claim, the preferred one first. */
const requestsOf = ({ spec }: ResourceClaim): readonly (readonly Wanted[])[] =>
  (spec?.devices?.requests ?? []).map(({ name, exactly, firstAvailable = [] }) =>
    exactly === undefined
      ? firstAvailable.map((alternative) => wantedOf(`${name}/${alternative.name}`, alternative))
      : [wantedOf(name, exactly, exactly.adminAccess)]
  );

/**
 * What each claim gets on the node, in the claims' order; undefined where one of them goes without.
 *
 * @throws when a selector fails
 */
export function allocate(
  claims: readonly ResourceClaim[],
  node: Node,
  { slices, taken, deviceClass }: AllocatorOptions,
): AllocationResult[] | undefined {
  const pools = poolsFor(node, slices);
  const counters = sharedCounters(slices, taken);
  const inUse = new Set(taken);
  const chosen: Choice[][] = claims.map(() => []);

  const matching = (claim: ResourceClaim, wanted: Wanted, { devices }: Pool): PooledDevice[] => {
    const classSelectors = deviceClass(wanted.deviceClassName)?.spec.selectors ?? [];
    return devices.filter(({ device, driver }) =>
      untolerated(device.taints, wanted.tolerations, ["NoSchedule", "NoExecute"]) === undefined &&
      selects(claim, driver, device, classSelectors, wanted.selectors)
    );
  };

  /** Serves the requests from the `r`th of the `c`th claim on. */
  const serve = (c: number, r: number): boolean => {
    if (c === claims.length) return true;
    const requests = requestsOf(claims[c]);
    if (r === requests.length) return serve(c + 1, 0);
    return requests[r].some((wanted) => {
      const usable = pools.filter(({ incomplete }) => !incomplete);
      if (wanted.count === undefined) {
        // What a pool that is incomplete will have is not known, so neither is what all of it is.
        if (usable.length < pools.length) return false;
        const all = pools.flatMap((pool) => matching(claims[c], wanted, pool));
        return all.length > 0 && take(c, r, wanted, all, all.length);
      }
      return take(c, r, wanted, usable.flatMap((pool) => matching(claims[c], wanted, pool)), wanted.count);
    });
  };

  /** Takes `count` of the devices, in their order, and goes on with the next request. */
  const take = (c: number, r: number, wanted: Wanted, devices: readonly PooledDevice[], count: number): boolean => {
    if (count === 0) return serve(c, r + 1);
    for (const [i, device] of devices.entries()) {
      if (devices.length - i < count) return false;
      const exclusive = !wanted.adminAccess;
      if (exclusive && (inUse.has(device.id) || !counters.has(device))) continue;
      if (!satisfies(claims[c], chosen[c], wanted, device)) continue;
      if (exclusive) {
        inUse.add(device.id);
        counters.take(device);
      }
      chosen[c].push({ wanted, device });
      if (take(c, r, wanted, devices.slice(i + 1), count - 1)) return true;
      chosen[c].pop();
      if (exclusive) {
        inUse.delete(device.id);
        counters.giveBack(device);
      }
    }
    return false;
  };

  if (!serve(0, 0)) return undefined;
  return claims.map((claim, c) => resultOf(claim, chosen[c], deviceClass));
}

function selects(
  { metadata }: ResourceClaim,
  driver: string,
  device: PooledDevice["device"],
  ...selectors: readonly (readonly DeviceSelector[])[]
): boolean {
  return selectors.every((list) =>
    list.every((selector, i) => {
      try {
        return isSelected(device, driver, [selector]);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const claim = `claim ${metadata.namespace}/${metadata.name}`;
        throw new Error(`${claim}: selector #${i}: CEL runtime error: ${why}`, { cause: error });
      }
    })
  );
}

/** Whether a device goes with those that a claim already has. */
function satisfies({ spec }: ResourceClaim, chosen: readonly Choice[], wanted: Wanted, device: PooledDevice): boolean {
  return (spec?.devices?.constraints ?? []).every((constraint) => {
    if (!concerns(constraint, wanted)) return true;
    const others = chosen.filter((other) => concerns(constraint, other.wanted));
    const { matchAttribute, distinctAttribute } = constraint;
    const attribute = matchAttribute ?? distinctAttribute;
    if (attribute === undefined) return true;
    const value = valueOf(device, attribute);
    if (value === undefined) return false;
    return others.every((other) => (valueOf(other.device, attribute) === value) === (matchAttribute !== undefined));
  });
}

/** A constraint may name a request, or one of its alternatives. */
const concerns = ({ requests = [] }: DeviceConstraint, { request }: Wanted): boolean =>
  requests.length === 0 || requests.includes(request) || requests.includes(request.split("/", 1)[0]);

/** An attribute's value as a text that tells types apart. */
function valueOf({ device, driver }: PooledDevice, name: string): string | undefined {
  const own = name.startsWith(`${driver}/`) ? name.slice(driver.length + 1) : name;
  const attribute = device.attributes?.[name] ?? device.attributes?.[own];
  if (attribute === undefined) return undefined;
  const { version } = attribute;
  return version !== undefined
    ? `version ${version}`
    : `${typeof attributeValue(attribute)} ${attributeValue(attribute)}`;
}

function resultOf(
  { spec }: ResourceClaim,
  chosen: readonly Choice[],
  deviceClass: AllocatorOptions["deviceClass"],
): AllocationResult {
  const results = chosen.map(({ wanted, device }): DeviceRequestAllocationResult => ({
    request: wanted.request,
    driver: device.driver,
    pool: device.pool,
    device: device.device.name,
    ...wanted.adminAccess ? { adminAccess: true } : {},
    ...wanted.tolerations.length === 0 ? {} : { tolerations: wanted.tolerations },
  }));
  const requests = new Map(chosen.map(({ wanted }) => [wanted.request, wanted.deviceClassName]));
  const config = [
    ...[...requests].flatMap(([request, name]) =>
      (deviceClass(name)?.spec.config ?? []).map((own) => ({ source: "FromClass", requests: [request], ...own }))
    ),
    ...(spec?.devices?.config ?? []).map((own) => ({ source: "FromClaim", ...own })),
  ];
  const nodeSelector = nodeSelectorOf(chosen);
  return {
    devices: { results, ...config.length === 0 ? {} : { config } },
    ...nodeSelector === undefined ? {} : { nodeSelector },
  };
}

/** Where the devices can be used; everywhere where it is undefined. */
function nodeSelectorOf(chosen: readonly Choice[]): NodeSelector | undefined {
  const local = chosen.find(({ device }) => device.nodeName)?.device.nodeName;
  if (local !== undefined) {
    const only = { key: "metadata.name", operator: "In", values: [local] };
    return { nodeSelectorTerms: [{ matchFields: [only] }] };
  }
  // A slice has one term, and all of them must hold.
  const terms = chosen.flatMap(({ device }) => device.nodeSelector?.nodeSelectorTerms ?? []);
  if (terms.length === 0) return undefined;
  const unique = <T>(items: readonly T[]) => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
  const matchExpressions = unique(terms.flatMap(({ matchExpressions = [] }) => matchExpressions));
  const matchFields = unique(terms.flatMap(({ matchFields = [] }) => matchFields));
  return {
    nodeSelectorTerms: [{
      ...matchExpressions.length === 0 ? {} : { matchExpressions },
      ...matchFields.length === 0 ? {} : { matchFields },
    }],
  };
}
