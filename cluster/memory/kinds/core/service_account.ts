/** ServiceAccount. Source: `pkg/registry/core/serviceaccount`. */
import { defineKind } from "../kind.ts";
import type { Draft } from "../object.ts";
import { metadataErrors } from "../object_meta.ts";
import type { ServiceAccount } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

const ENFORCE_MOUNTABLE_SECRETS = "kubernetes.io/enforce-mountable-secrets";

export const serviceAccount = defineKind<ServiceAccount>({
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  singular: "serviceaccount",
  shortNames: ["sa"],
  namespaced: true,
  type: "core.v1.ServiceAccount",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    prepareForCreate: keepSecretNames,
    prepareForUpdate: keepSecretNames,
    validateUpdate: metadataErrors,
    warnings({ metadata }, old) {
      if (Object.hasOwn(old?.metadata.annotations ?? {}, ENFORCE_MOUNTABLE_SECRETS)) return [];
      if (!Object.hasOwn(metadata.annotations ?? {}, ENFORCE_MOUNTABLE_SECRETS)) return [];
      return [
        `metadata.annotations[${ENFORCE_MOUNTABLE_SECRETS}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
      ];
    },
  },
  subresources: [{
    name: "token",
    kind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
    verbs: ["create"],
  }],
  table: tableOf("core.v1.ServiceAccount", ({ metadata }, now) => [
    metadata.name ?? "",
    age(metadata.creationTimestamp, now),
  ]),
});

/** Of a reference to a secret only the name counts. */
function keepSecretNames(account: Draft<ServiceAccount>) {
  account.secrets = account.secrets?.map(({ name }) => name === undefined ? {} : { name });
  if (account.secrets === undefined) delete account.secrets;
}
