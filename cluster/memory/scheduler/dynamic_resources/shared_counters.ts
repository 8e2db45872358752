/**
 * What devices of one pool share, "40Gi of the card's memory": a device can only be had while enough of it is left.
 *
 * Source: checkAvailableCounters of `k8s.io/dynamic-resource-allocation/structured/internal/stable/allocator_stable.go`.
 */
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  type Quantity,
  subtractQuantities,
} from "../../kinds/quantity.ts";
import type { ResourceSlice } from "../../kinds/schema/types.ts";
import type { PooledDevice } from "./pools.ts";

export interface SharedCounters {
  /** Whether there is enough left for a device. */
  has(device: PooledDevice): boolean;
  take(device: PooledDevice): void;
  giveBack(device: PooledDevice): void;
}

/** @param taken the ids of the devices that have their share already */
export function sharedCounters(slices: readonly ResourceSlice[], taken: ReadonlySet<string>): SharedCounters {
  /** What is left, by "driver/pool/set/counter". */
  const left = new Map<string, Quantity>();
  for (const { spec } of slices) {
    for (const { name, counters } of spec.sharedCounters ?? []) {
      for (const [counter, { value }] of Object.entries(counters)) {
        left.set(`${spec.driver}/${spec.pool.name}/${name}/${counter}`, parseQuantity(value));
      }
    }
  }
  const sharesOf = ({ driver, pool, device }: Pick<PooledDevice, "driver" | "pool" | "device">) =>
    (device.consumesCounters ?? []).flatMap(({ counterSet, counters }) =>
      Object.entries(counters).map(([counter, { value }]) =>
        [`${driver}/${pool}/${counterSet}/${counter}`, parseQuantity(value)] as const
      )
    );
  const change = (by: (left: Quantity, share: Quantity) => Quantity) => (device: Parameters<typeof sharesOf>[0]) => {
    for (const [key, share] of sharesOf(device)) {
      const now = left.get(key);
      if (now !== undefined) left.set(key, by(now, share));
    }
  };
  const take = change(subtractQuantities);
  for (const { spec: { driver, pool, devices = [] } } of slices) {
    for (const device of devices) {
      if (taken.has(`${driver}/${pool.name}/${device.name}`)) take({ driver, pool: pool.name, device });
    }
  }
  return {
    has: (device) =>
      sharesOf(device).every(([key, share]) => left.has(key) && compareQuantities(left.get(key)!, share) >= 0),
    take,
    giveBack: change(addQuantities),
  };
}
