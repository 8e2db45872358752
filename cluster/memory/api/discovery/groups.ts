/**
 * The order in which groups and their versions are discovered, and so what kubectl takes a short name for.
 *
 * Source: the priorities of `pkg/controlplane/apiserver/aggregator.go` and `cmd/kube-apiserver`; among versions,
 * `apimachinery/pkg/version/helpers.go`.
 */
import type { Kind } from "../../kinds/kind.ts";

const GROUP_PRIORITY: ReadonlyMap<string, number> = new Map(Object.entries({
  "": 21_000,
  "apiregistration.k8s.io": 20_000,
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
}));

/** Groups of CustomResourceDefinitions come last. */
const CUSTOM_PRIORITY = 1_000;

export interface DiscoveredGroup {
  readonly name: string;
  /** The preferred version first. */
  readonly versions: readonly DiscoveredVersion[];
}

export interface DiscoveredVersion {
  readonly version: string;
  /** By name. */
  readonly kinds: readonly Kind[];
}

/** All kinds by group and version, in the order of discovery. */
export function groupsOf(kinds: readonly Kind[]): DiscoveredGroup[] {
  const groups = new Map<string, Map<string, Kind[]>>();
  const add = (group: string, version: string, kind: Kind) => {
    let versions = groups.get(group);
    if (versions === undefined) groups.set(group, versions = new Map());
    versions.set(version, [...versions.get(version) ?? [], kind]);
  };
  for (const kind of kinds) {
    add(kind.group, kind.version, kind);
    for (const other of kind.otherVersions ?? []) add(other.group, other.version, kind);
  }
  const priority = (group: string) => GROUP_PRIORITY.get(group) ?? CUSTOM_PRIORITY;
  return [...groups]
    .sort(([a], [b]) => priority(b) - priority(a) || (a < b ? -1 : 1))
    .map(([name, versions]) => ({
      name,
      versions: [...versions].sort(([a], [b]) => compareVersions(b, a)).map(([version, members]) => ({
        version,
        kinds: members.sort((a, b) => a.plural < b.plural ? -1 : 1),
      })),
    }));
}

const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STAGES: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

/**
 * Orders versions by maturity, then by number: v1alpha1 < v1beta2 < v1 < v2. Other names are below all, those that come
 * first in the alphabet highest.
 */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [VERSION.exec(a), VERSION.exec(b)];
  if (x === null || y === null) return x !== null ? 1 : y !== null ? -1 : a < b ? 1 : a > b ? -1 : 0;
  const stage = (match: RegExpExecArray) => match[2] === undefined ? 2 : STAGES[match[2]];
  return stage(x) - stage(y) || Number(x[1]) - Number(y[1]) || Number(x[3] ?? 0) - Number(y[3] ?? 0);
}
