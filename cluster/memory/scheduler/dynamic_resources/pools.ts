/**
 * The devices that a node can use: those of the latest generation of each pool, as drivers publish them in
 * ResourceSlices.
 *
 * Source: `k8s.io/dynamic-resource-allocation/structured/internal/stable/pools_stable.go`.
 */
import type { Device, Node, NodeSelector, ResourceSlice } from "../../kinds/schema/types.ts";
import { nodeSelectorMatches } from "../helper/node_affinity.ts";

export interface PooledDevice {
  /** "driver/pool/name" */
  readonly id: string;
  readonly driver: string;
  readonly pool: string;
  readonly device: Device;
  /** The node that it is a part of, or those that can reach it; neither where all can. */
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
}

export interface Pool {
  readonly name: string;
  /** Some of its slices are still to come: what it will have is not known. */
  readonly incomplete: boolean;
  readonly devices: readonly PooledDevice[];
}

interface Reach {
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
}

function reaches({ nodeName, nodeSelector, allNodes }: Reach, node: Node): boolean {
  if (nodeName) return nodeName === node.metadata.name;
  return allNodes === true || (nodeSelector !== undefined && nodeSelectorMatches(nodeSelector, node));
}

/** The pools with devices for a node, in the order of their slices' names. */
export function poolsFor(node: Node, slices: readonly ResourceSlice[]): Pool[] {
  const byPool = Map.groupBy(
    slices.toSorted((a, b) => a.metadata.name! < b.metadata.name! ? -1 : 1),
    ({ spec }) => `${spec.driver}/${spec.pool.name}`,
  );
  return [...byPool].flatMap(([name, all]) => {
    const generation = Math.max(...all.map(({ spec }) => spec.pool.generation));
    const latest = all.filter(({ spec }) => spec.pool.generation === generation);
    const devices = latest.flatMap((slice) => devicesFor(node, slice));
    if (devices.length === 0) return [];
    return [{ name, devices, incomplete: latest.length !== latest[0].spec.pool.resourceSliceCount }];
  });
}

function devicesFor(node: Node, { spec }: ResourceSlice): PooledDevice[] {
  const { driver, pool } = spec;
  return (spec.devices ?? []).flatMap((device) => {
    const reach: Reach = spec.perDeviceNodeSelection ? device : spec;
    if (!reaches(reach, node)) return [];
    const { nodeName, nodeSelector } = reach;
    return [{ id: `${driver}/${pool.name}/${device.name}`, driver, pool: pool.name, device, nodeName, nodeSelector }];
  });
}
