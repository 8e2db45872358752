/** IngressClass. Source: `pkg/registry/networking/ingressclass` and `pkg/apis/networking/{v1,validation}`. */
import { type FieldError, forbidden, notSupported, required, tooLong } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import { byteLength, check, dns1123Label, domainPrefixedPath } from "../names.ts";
import { immutable } from "../object_meta.ts";
import type { IngressClass, IngressClassParametersReference } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateResource } from "./ingress_validation.ts";

const LONGEST_CONTROLLER = 250;
const DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

export const ingressClass = defineKind<IngressClass>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  singular: "ingressclass",
  namespaced: false,
  type: "networking.v1.IngressClass",
  strategy: {
    names: "subdomain",
    defaults: ({ spec }) => void (spec?.parameters && (spec.parameters.scope ??= "Cluster")),
    validate,
    validateUpdate: (object, old) => [
      ...(object.spec?.controller ?? "") === (old.spec?.controller ?? "")
        ? []
        : [immutable("spec.controller", object.spec?.controller ?? "")],
      ...validate(object),
    ],
  },
  table: tableOf("networking.v1.IngressClass", ({ metadata, spec }, now) => [
    (metadata.name ?? "") + (metadata.annotations?.[DEFAULT_CLASS] === "true" ? " (default)" : ""),
    spec?.controller ?? "",
    parameters(spec?.parameters),
    age(metadata.creationTimestamp, now),
  ]),
});

const parameters = (reference: IngressClassParametersReference | undefined): string =>
  reference === undefined
    ? "<none>"
    : `${reference.kind}${reference.apiGroup === undefined ? "" : `.${reference.apiGroup}`}/${reference.name}`;

function validate({ spec = {} }: IngressClass): FieldError[] {
  const { controller = "", parameters } = spec;
  return [
    ...byteLength(controller) > LONGEST_CONTROLLER ? [tooLong("spec.controller", LONGEST_CONTROLLER)] : [],
    ...domainPrefixedPath("spec.controller", controller),
    ...parameters ? validateParameters(parameters, "spec.parameters") : [],
  ];
}

function validateParameters(reference: IngressClassParametersReference, path: string): FieldError[] {
  const { scope, namespace } = reference;
  const errors = validateResource(reference, path);
  if (scope === undefined) return [...errors, required(`${path}.scope`)];
  if (scope === "Namespace") {
    return errors.concat(
      namespace === undefined
        ? required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'")
        : check(`${path}.namespace`, namespace, dns1123Label),
    );
  }
  if (scope !== "Cluster") return [...errors, notSupported(`${path}.scope`, scope, ["Cluster", "Namespace"])];
  if (namespace === undefined) return errors;
  return [...errors, forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'")];
}
