/**
 * Fields of features that are off in v1.36: the server drops them, unless the object already had them.
 *
 * Source: `dropDisabledFields` of `pkg/api/pod/util.go`, `pkg/features/kube_features.go`.
 */
import type { Draft } from "../../object.ts";
import type { PodSpec } from "../../schema/types.ts";
import { eachContainer } from "./containers.ts";

export function dropDisabledFields(spec: Draft<PodSpec>, old?: PodSpec): void {
  if (old?.schedulingGroup === undefined) delete spec.schedulingGroup;
  for (const field of ["clusterTrustBundle", "podCertificate"] as const) {
    if (old?.volumes?.some(({ projected }) => projected?.sources?.some((source) => source[field]))) continue;
    for (const { projected } of spec.volumes ?? []) for (const source of projected?.sources ?? []) delete source[field];
  }
  const usesStopSignals = old !== undefined &&
    [...eachContainer(old, "")].some(([{ lifecycle }]) => lifecycle?.stopSignal !== undefined);
  if (usesStopSignals) return;
  const containers = [...spec.containers ?? [], ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []];
  for (const container of containers) {
    if (container.lifecycle?.stopSignal === undefined) continue;
    delete container.lifecycle.stopSignal;
    if (Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
  }
}
