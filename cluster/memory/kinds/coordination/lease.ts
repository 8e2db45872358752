/** Lease. Source: `pkg/registry/coordination/lease` and `pkg/apis/coordination/validation`. */
import { type FieldError, forbidden, invalid, notSupported } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import type { Lease } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

export const lease = defineKind<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  singular: "lease",
  namespaced: true,
  type: "coordination.v1.Lease",
  strategy: {
    names: "subdomain",
    metadata: "generic",
    generation: false,
    createOnUpdate: true,
    unconditionalUpdate: false,
    // Coordinated leader election is off unless it is asked for.
    prepareForCreate({ spec }) {
      delete spec?.strategy;
      delete spec?.preferredHolder;
    },
    prepareForUpdate({ spec }, old) {
      if (old.spec?.strategy === undefined) delete spec?.strategy;
      if (old.spec?.preferredHolder === undefined) delete spec?.preferredHolder;
    },
    validate,
    validateUpdate: validate,
  },
  table: tableOf("coordination.v1.Lease", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.holderIdentity ?? "",
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ spec = {} }: Lease): FieldError[] {
  const errors: FieldError[] = [];
  const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder } = spec;
  if (duration !== undefined && duration <= 0) {
    errors.push(invalid("spec.leaseDurationSeconds", duration, "must be greater than 0"));
  }
  if (transitions !== undefined && transitions < 0) {
    errors.push(invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
  }
  if (strategy !== undefined && strategy !== "OldestEmulationVersion") {
    errors.push(notSupported("spec.strategy", strategy, ["OldestEmulationVersion"]));
  }
  if (preferredHolder && !strategy) {
    errors.push(forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined"));
  }
  return errors;
}
