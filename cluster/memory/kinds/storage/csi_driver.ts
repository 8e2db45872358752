/** CSIDriver. Source: `pkg/registry/storage/csidriver` and `pkg/apis/storage/{v1,validation}`. */
import { duplicate, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { immutable } from "../object_meta.ts";
import type { Draft } from "../object.ts";
import type { CSIDriver, CSIDriverSpec, StorageV1TokenRequest } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

const FS_GROUP_POLICIES = ["File", "None", "ReadWriteOnceWithFSType"];
const TOKENS_WARNING =
  "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes";

export const csiDriver = defineKind<CSIDriver>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSIDriver",
  plural: "csidrivers",
  singular: "csidriver",
  namespaced: false,
  type: "storage.v1.CSIDriver",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    // The number begins with the first change.
    generation: false,
    unconditionalUpdate: false,
    defaults: ({ spec }) => void (spec && defaultSpec(spec)),
    prepareForCreate: ({ spec }) => void delete spec.preventPodSchedulingIfMissing,
    prepareForUpdate(driver, old) {
      if (old.spec.preventPodSchedulingIfMissing === undefined) delete driver.spec.preventPodSchedulingIfMissing;
      if (!equalJson(driver.spec, old.spec)) driver.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validate: ({ spec }) => validateSpec(spec),
    validateUpdate: ({ spec }, { spec: old }) => [
      ...validateSpec(spec),
      ...spec.attachRequired === old.attachRequired ? [] : [immutable("spec.attachedRequired", spec.attachRequired)],
      ...equalJson(spec.volumeLifecycleModes, old.volumeLifecycleModes)
        ? []
        : [immutable("spec.volumeLifecycleModes", spec.volumeLifecycleModes)],
    ],
    warnings: ({ spec }, old) => {
      const changed = old === undefined || !equalJson(spec.tokenRequests, old.spec.tokenRequests);
      const unset = spec.serviceAccountTokenInSecrets === undefined;
      return changed && unset && spec.tokenRequests?.length ? [TOKENS_WARNING] : [];
    },
  },
  table: tableOf("storage.v1.CSIDriver", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    spec.tokenRequests?.map(({ audience }) => audience).join(",") ?? "<unset>",
    spec.requiresRepublish ?? false,
    spec.volumeLifecycleModes?.join(",") || "<none>",
    age(metadata.creationTimestamp, now),
  ]),
});

function defaultSpec(spec: Draft<CSIDriverSpec>) {
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ["Persistent"];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

function validateSpec(spec: CSIDriverSpec = {}): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.attachRequired === undefined) errors.push(required("spec.attachedRequired"));
  if (spec.podInfoOnMount === undefined) errors.push(required("spec.podInfoOnMount"));
  if (spec.storageCapacity === undefined) errors.push(required("spec.storageCapacity"));
  if (spec.fsGroupPolicy !== undefined && !FS_GROUP_POLICIES.includes(spec.fsGroupPolicy)) {
    errors.push(notSupported("spec.fsGroupPolicy", spec.fsGroupPolicy, FS_GROUP_POLICIES));
  }
  errors.push(...validateTokens(spec.tokenRequests ?? [], "spec.tokenRequests"));
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (mode === "Persistent" || mode === "Ephemeral") continue;
    errors.push(notSupported("spec.volumeLifecycleModes", mode, ["Persistent", "Ephemeral"]));
  }
  if (spec.seLinuxMount === undefined) errors.push(required("spec.seLinuxMount"));
  const { nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets: inSecrets } = spec;
  if (period !== undefined && period < 10) {
    const message = "must be greater than or equal to 10 seconds";
    errors.push(invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, message));
  }
  if (inSecrets !== undefined && !spec.tokenRequests?.length) {
    const message = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.push(invalid("spec.serviceAccountTokenInSecrets", inSecrets, message));
  }
  return errors;
}

function validateTokens(requests: readonly StorageV1TokenRequest[], path: string): FieldError[] {
  const audiences = new Set<string>();
  return requests.flatMap(({ audience = "", expirationSeconds: seconds }, i) => {
    if (audiences.has(audience)) return [duplicate(`${path}[${i}].audience`, audience)];
    audiences.add(audience);
    const at = `${path}[${i}].expirationSeconds`;
    if (seconds === undefined) return [];
    if (seconds < 600) return [invalid(at, seconds, "may not specify a duration less than 10 minutes")];
    return seconds > 2 ** 32 ? [invalid(at, seconds, "may not specify a duration larger than 2^32 seconds")] : [];
  });
}
