/** Namespace. Source: `pkg/registry/core/namespace` and `pkg/apis/core/validation`. */
import { type FieldError, invalid } from "../field_error.ts";
import { validateFinalizerName } from "../finalizer_name.ts";
import { defineKind } from "../kind.ts";
import type { Draft } from "../object.ts";
import { metadataErrors } from "../object_meta.ts";
import type { Namespace } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

export const namespace = defineKind<Namespace>({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  namespaced: false,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  type: "core.v1.Namespace",
  strategy: {
    names: "label",
    returnsDeleted: true,
    generation: false,
    defaults: nameLabel,
    prepareForCreate(namespace) {
      namespace.status = { phase: "Active" };
      const finalizers = namespace.spec?.finalizers ?? [];
      namespace.spec ??= {};
      namespace.spec.finalizers = finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"];
      nameLabel(namespace);
    },
    prepareForUpdate(namespace, old) {
      namespace.spec = { ...namespace.spec, finalizers: [...old.spec?.finalizers ?? []] };
      namespace.status = { ...old.status } as Draft<Namespace>["status"];
      nameLabel(namespace);
    },
    validate,
    validateUpdate: (namespace) => [...validate(namespace), ...metadataErrors(namespace)],
  },
  status: {
    prepareForUpdate: (namespace, old) => void (namespace.spec = old.spec as Draft<Namespace>["spec"]),
    validateUpdate: ({ metadata, status }) => {
      const [phase, when] = metadata.deletionTimestamp ? ["Terminating", "not empty"] : ["Active", "empty"];
      const actual = status?.phase ?? "";
      return actual === phase
        ? []
        : [invalid("status.Phase", actual, `may only be '${phase}' if \`deletionTimestamp\` is ${when}`)];
    },
  },
  subresources: [{
    name: "finalize",
    kind: { group: "", version: "v1", kind: "Namespace" },
    verbs: ["update"],
  }],
  table: tableOf("core.v1.Namespace", ({ metadata, status }, now) => [
    metadata.name ?? "",
    status?.phase ?? "",
    age(metadata.creationTimestamp, now),
  ]),
  selectableFields: ({ status }) => ({ "status.phase": status?.phase ?? "" }),
});

/** Every namespace can be selected by its name. */
function nameLabel({ metadata }: Draft<Namespace>) {
  if (metadata.name) metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
}

function validate({ spec }: Namespace): FieldError[] {
  return (spec?.finalizers ?? []).flatMap((name) => validateFinalizerName(name, "spec.finalizers"));
}

/** Errors of a write to the finalize subresource, by which the namespace controller says that it is done. */
export const validateFinalize = ({ spec }: Namespace): FieldError[] =>
  (spec?.finalizers ?? []).flatMap((name, i) => validateFinalizerName(name, `spec.finalizers[${i}]`));
