/** Kinds without defaults or validation, for controllers whose kinds are not there. */
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { KindRef } from "../../cluster/memory/api/client.ts";
import type { Kind } from "../../cluster/memory/kinds/kind.ts";

const CLUSTER_WIDE = new Set([
  "nodes",
  "namespaces",
  "persistentvolumes",
  "storageclasses",
  "csinodes",
  "priorityclasses",
  "runtimeclasses",
  "certificatesigningrequests",
  "clusterroles",
]);

const PACKAGES: Readonly<Record<string, string>> = {
  "": "core",
  "rbac.authorization.k8s.io": "rbac",
};

function loose({ group, version, plural, kind }: KindRef): Kind {
  const type = `${PACKAGES[group] ?? group.split(".")[0]}.${version}.${kind}`;
  const gracePeriod = plural === "pods"
    ? (object: unknown, asked: number | undefined) =>
      (object as { spec?: { nodeName?: string } }).spec?.nodeName ? asked ?? 30 : 0
    : undefined;
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: !CLUSTER_WIDE.has(plural),
    type,
    strategy: { names: "subdomain", ...gracePeriod === undefined ? {} : { gracePeriod } },
    status: {},
  };
}

export const looseKinds: readonly Kind[] = Object.values(refs).map((ref) => loose(ref as KindRef));
