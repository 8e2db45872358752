/**
 * The APIServices of what the server serves itself: one for each version of each group.
 *
 * Source: `pkg/controlplane/apiserver/aggregator.go`.
 */
import type { Kind } from "../kind.ts";
import type { APIService } from "../schema/types.ts";

/** Which group goes first in discovery; in one group, which version. */
interface Priority {
  readonly group: number;
  readonly version: number;
}

const VERSION = 15;
/** Which groups go first in discovery: `groupPriorityMinimum`. */
export const GROUP_PRIORITIES: Readonly<Record<string, number>> = {
  "": 18_000,
  "apps": 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  "autoscaling": 17_500,
  "batch": 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  "policy": 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "admissionregistration.k8s.io": 16_700,
  "apiextensions.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "resource.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
};
const VERSIONS: Readonly<Record<string, number>> = {
  "/v1": 1,
  "autoscaling/v2": 30,
  "flowcontrol.apiserver.k8s.io/v1": 21,
  "resource.k8s.io/v1": 20,
};

/** Of a group that a CustomResourceDefinition brings. */
export const CUSTOM_GROUP: Priority = { group: 1000, version: 100 };

/** The bodies for a list of kinds, the ones to look at first in discovery first. */
export function apiServices(kinds: readonly Kind[]): readonly Omit<APIService, "status">[] {
  const served = kinds.flatMap((kind) => [kind, ...kind.otherVersions ?? []]);
  const versions = new Map(served.map(({ group, version }) => [`${group}/${version}`, { group, version }]));
  // The aggregator's own group is not among those that it registers.
  versions.delete("apiregistration.k8s.io/v1");
  const services = [...versions.values()].map(({ group, version }) => {
    const builtIn = group in GROUP_PRIORITIES;
    return apiService(
      group,
      version,
      builtIn ? priorityOf(group, version) : CUSTOM_GROUP,
      builtIn ? "onstart" : "true",
    );
  });
  return services.sort((a, b) =>
    b.spec!.groupPriorityMinimum - a.spec!.groupPriorityMinimum ||
    compare(a.spec!.group ?? "", b.spec!.group ?? "") ||
    b.spec!.versionPriority - a.spec!.versionPriority
  );
}

const priorityOf = (group: string, version: string): Priority => ({
  group: GROUP_PRIORITIES[group],
  version: VERSIONS[`${group}/${version}`] ?? VERSION,
});

const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

const apiService = (
  group: string,
  version: string,
  priority: Priority,
  automanaged: string,
): Omit<APIService, "status"> => ({
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: {
    name: `${version}.${group}`,
    labels: { "kube-aggregator.kubernetes.io/automanaged": automanaged },
  },
  spec: {
    ...group === "" ? {} : { group },
    version,
    groupPriorityMinimum: priority.group,
    versionPriority: priority.version,
  },
});
