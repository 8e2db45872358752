/**
 * `rollout`: all replicas of a workload run its latest template and are available, as `kubectl rollout status` sees it.
 *
 * Source: `k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go`.
 */
import { fields, oneOf, optional, string } from "../shape.ts";
import { type CriterionType, type Mismatch, ofObject } from "./criterion.ts";

const OWN_FIELDS = {
  rollout: fields({
    kind: oneOf("Deployment", "DaemonSet", "StatefulSet"),
    name: string(),
    namespace: optional(string()),
  }),
};

interface Workload {
  readonly metadata: { readonly generation?: number };
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string; readonly message?: string }[];
  };
}

export const rollout: CriterionType = {
  keyword: "rollout",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const target = { apiVersion: "apps/v1", ...reading.rollout };
    return ofObject(
      target,
      (found, subject) =>
        unfinished(found as unknown as Workload, target.kind).map((mismatch) => ({ subject, ...mismatch })),
    );
  },
};

/** What is still missing of a rollout. */
function unfinished({ metadata, spec, status = {} }: Workload, kind: string): readonly Omit<Mismatch, "subject">[] {
  const { generation = 0 } = metadata;
  const { observedGeneration = 0 } = status;
  if (observedGeneration < generation) {
    return [{ path: "status.observedGeneration", is: observedGeneration, should: generation }];
  }
  const failed = status.conditions?.find(({ type, reason }) =>
    type === "Progressing" && reason === "ProgressDeadlineExceeded"
  );
  if (failed !== undefined) {
    return [{ path: "status.conditions[type=Progressing]", is: failed.reason, should: "NewReplicaSetAvailable" }];
  }
  const counts: readonly (readonly [string, number | undefined, number])[] = kind === "DaemonSet"
    ? [
      ["updatedNumberScheduled", status.updatedNumberScheduled, status.desiredNumberScheduled ?? 0],
      ["numberAvailable", status.numberAvailable, status.desiredNumberScheduled ?? 0],
    ]
    : [
      ["updatedReplicas", status.updatedReplicas, spec.replicas ?? 1],
      ["replicas", status.replicas, spec.replicas ?? 1],
      ["availableReplicas", status.availableReplicas, spec.replicas ?? 1],
    ];
  return counts
    .filter(([, is = 0, should]) => is !== should)
    .map(([name, is = 0, should]) => ({ path: `status.${name}`, is, should }));
}
