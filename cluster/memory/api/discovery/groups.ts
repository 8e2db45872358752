/**
 * The order in which groups and their versions are discovered, and so what kubectl takes a short name for.
 *
 * Source: the priorities of `pkg/controlplane/apiserver/aggregator.go` and `cmd/kube-apiserver`; among versions,
 * `apimachinery/pkg/version/helpers.go`.
 */
import { CUSTOM_GROUP, GROUP_PRIORITIES } from "../../kinds/bootstrap/api_services.ts";
import type { Kind } from "../../kinds/kind.ts";

/** The aggregator's own group, which no APIService gives a priority. */
const AGGREGATOR = "apiregistration.k8s.io";

function priority(group: string): number {
  if (group === "") return Infinity;
  return group === AGGREGATOR ? 20_000 : GROUP_PRIORITIES[group] ?? CUSTOM_GROUP.group;
}

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
