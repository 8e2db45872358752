/**
 * A profile: the name that pods ask for in `spec.schedulerName`, and the plugins that decide for them.
 *
 * Source: `pkg/scheduler/apis/config/v1/default_plugins.go`, `pkg/scheduler/profile`.
 */
import type { Client } from "../api/client.ts";
import type { Clock } from "../clock.ts";
import type { Plugin } from "./framework/plugin.ts";
import type { Listers } from "./helper/listers.ts";
import { dynamicResources } from "./plugins/dynamic_resources.ts";
import { imageLocality } from "./plugins/image_locality.ts";
import { interPodAffinity } from "./plugins/inter_pod_affinity.ts";
import { nodeAffinity } from "./plugins/node_affinity.ts";
import { nodeName } from "./plugins/node_name.ts";
import { nodePorts } from "./plugins/node_ports.ts";
import { nodeResourcesBalancedAllocation } from "./plugins/node_resources_balanced_allocation.ts";
import { nodeResourcesFit } from "./plugins/node_resources_fit.ts";
import { nodeUnschedulable } from "./plugins/node_unschedulable.ts";
import { nodeVolumeLimits } from "./plugins/node_volume_limits.ts";
import { podTopologySpread } from "./plugins/pod_topology_spread.ts";
import { schedulingGates } from "./plugins/scheduling_gates.ts";
import { taintToleration } from "./plugins/taint_toleration.ts";
import { volumeBinding } from "./plugins/volume_binding.ts";
import { volumeRestrictions } from "./plugins/volume_restrictions.ts";
import { volumeZone } from "./plugins/volume_zone.ts";

/** What plugins are made with. */
export interface Handle {
  readonly listers: Listers;
  readonly client: Client;
  readonly clock: Clock;
}

export interface Profile {
  readonly schedulerName: string;
  /** In the order in which they run. */
  readonly plugins: readonly Plugin[];
}

export interface ProfileOptions {
  readonly schedulerName: string;
  /** Plugins that this profile does without, by name. */
  readonly disabled?: readonly string[];
  /** Weights other than the plugins' own, by name. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** Kubernetes' default plugins. The order is that of the checks, and so decides which reason a node is refused for. */
export function defaultPlugins({ listers, client, clock }: Handle): readonly Plugin[] {
  return [
    schedulingGates,
    nodeUnschedulable,
    nodeName,
    taintToleration,
    nodeAffinity,
    nodePorts,
    nodeResourcesFit,
    volumeRestrictions(listers),
    nodeVolumeLimits(listers),
    volumeBinding(listers, client, clock),
    volumeZone(listers),
    podTopologySpread(listers.defaultSelector),
    interPodAffinity,
    dynamicResources(listers, client, clock),
    nodeResourcesBalancedAllocation,
    imageLocality,
  ];
}

export function profile({ schedulerName, disabled = [], weights = {} }: ProfileOptions, handle: Handle): Profile {
  const plugins = defaultPlugins(handle).filter(({ name }) => !disabled.includes(name))
    .map((plugin) => plugin.name in weights ? { ...plugin, weight: weights[plugin.name] } : plugin);
  return { schedulerName, plugins };
}

export const DEFAULT_SCHEDULER = "default-scheduler";
