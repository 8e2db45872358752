/** Who a pod of a StatefulSet is: its number, its name, its claims. Source: `pkg/controller/statefulset/stateful_set_utils.go`. */
import { statefulSets as statefulSetKind } from "../../api/kind_refs.ts";
import type { PersistentVolumeClaim, Pod, StatefulSet, Volume } from "../../kinds/schema/types.ts";
import { newControllerRef } from "../controller_ref.ts";
import { podFromTemplate } from "../pod_control.ts";

export const REVISION = "controller-revision-hash";
const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** The set's name and the number in a pod's name; undefined for a name that has none. */
export function parentAndOrdinal({ metadata }: Pod): { readonly parent: string; readonly ordinal: number } | undefined {
  const found = /^(.*)-([0-9]+)$/.exec(metadata.name!);
  if (found === null || Number(found[2]) > 2 ** 31 - 1) return undefined;
  return { parent: found[1], ordinal: Number(found[2]) };
}

export const ordinalOf = (pod: Pod): number => parentAndOrdinal(pod)?.ordinal ?? -1;
export const isMemberOf = (set: StatefulSet, pod: Pod): boolean => parentAndOrdinal(pod)?.parent === set.metadata.name;

export const startOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const replicasOf = ({ spec }: StatefulSet): number => spec.replicas ?? 1;

export function isInRange(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + replicasOf(set);
}

export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[REVISION] ?? "";

/** The claims of the pod with this number, by the name of their volume. */
export function claimsOf(set: StatefulSet, ordinal: number): Map<string, PersistentVolumeClaim> {
  const { name, namespace } = set.metadata;
  return new Map((set.spec.volumeClaimTemplates ?? []).map((template) => {
    const { name: volume, ...metadata } = template.metadata;
    const labels = { ...metadata.labels, ...set.spec.selector.matchLabels };
    const { status: _, ...claim } = template;
    const named = { ...metadata, name: `${volume}-${name}-${ordinal}`, namespace, labels };
    return [
      volume!,
      { ...claim, apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: named } as PersistentVolumeClaim,
    ];
  }));
}

/** The volumes of a pod with those of its claims in front. */
export function withClaims(set: StatefulSet, ordinal: number, volumes: readonly Volume[] = []): readonly Volume[] {
  const claims = claimsOf(set, ordinal);
  const own = [...claims].map(([name, { metadata }]): Volume => ({
    name,
    persistentVolumeClaim: { claimName: metadata.name! },
  }));
  return [...own, ...volumes.filter(({ name }) => !claims.has(name))];
}

/** A pod as the set's template has it, with this number. */
export function newPod(set: StatefulSet, ordinal: number, revision: string): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const { metadata, spec } = podFromTemplate(set.spec.template, set, newControllerRef(set, statefulSetKind)) as Pod;
  const { serviceName } = set.spec;
  const volumes = withClaims(set, ordinal, spec.volumes);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      name,
      labels: { ...metadata.labels, [POD_NAME]: name, [POD_INDEX]: String(ordinal), [REVISION]: revision },
    },
    spec: {
      ...spec,
      hostname: name,
      ...serviceName ? { subdomain: serviceName } : {},
      ...volumes.length === 0 ? {} : { volumes },
    },
    status: {},
  };
}

export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  return isMemberOf(set, pod) && pod.metadata.labels?.[POD_NAME] === pod.metadata.name;
}

export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  return [...claimsOf(set, ordinalOf(pod))].every(([volume, { metadata }]) =>
    pod.spec.volumes?.some(({ name, persistentVolumeClaim }) =>
      name === volume && persistentVolumeClaim?.claimName === metadata.name
    )
  );
}

/** The pod with the identity and the storage that it should have. */
export function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(pod);
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = { ...pod.metadata.labels, [POD_NAME]: name, [POD_INDEX]: String(ordinal) };
  const volumes = storageMatches(set, pod) ? pod.spec.volumes : withClaims(set, ordinal, pod.spec.volumes);
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: { ...pod.spec, volumes } };
}
