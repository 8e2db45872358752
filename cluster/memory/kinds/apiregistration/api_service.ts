/** APIService: who serves a group's version. Source: `k8s.io/kube-aggregator/pkg/{apis/apiregistration,registry/apiservice}`. */
import { type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { base64Length } from "../core/data_size.ts";
import { type Column, defineKind } from "../kind.ts";
import { check, dns1035Label, dns1123Subdomain, pathSegmentName, portNumber } from "../names.ts";
import type { APIService } from "../schema/types.ts";
import { age, createdAtTable } from "../table.ts";

const [NAME, CREATED_AT] = createdAtTable.columns;
const COLUMNS: readonly Column[] = [
  NAME,
  {
    name: "Service",
    type: "string",
    description: "The reference to the service that hosts this API endpoint.",
  },
  { name: "Available", type: "string", description: "Whether this service is available." },
  { name: "Age", type: "string", description: CREATED_AT.description },
];

export const apiService = defineKind<APIService>({
  group: "apiregistration.k8s.io",
  version: "v1",
  kind: "APIService",
  plural: "apiservices",
  singular: "apiservice",
  categories: ["api-extensions"],
  namespaced: false,
  type: "apiregistration.v1.APIService",
  strategy: {
    names: (name, _prefix, service) => nameErrors(name, service),
    metadata: "generic",
    generation: false,
    unconditionalUpdate: false,
    defaults: ({ spec }) => void (spec?.service && (spec.service.port ??= 443)),
    prepareForCreate(service) {
      if (service.spec?.service) service.status = {};
      else service.status = { conditions: [localAvailable(service.metadata.creationTimestamp)] };
    },
    prepareForUpdate: (service, old) => void (service.status = old.status as typeof service.status),
    validate,
    validateUpdate: (service) => {
      const name = service.metadata.name ?? "";
      return [...nameErrors(name, service).map((why) => invalid("metadata.name", name, why)), ...validate(service)];
    },
  },
  status: {
    prepareForUpdate: (service, old) => void (service.spec = old.spec as typeof service.spec),
    validateUpdate: ({ status }) =>
      (status?.conditions ?? []).flatMap(({ status }, i) =>
        ["True", "False", "Unknown"].includes(status)
          ? []
          : [notSupported(`status.conditions[${i}].status`, status, ["True", "False", "Unknown"])]
      ),
  },
  table: {
    columns: COLUMNS,
    cells: ({ metadata, spec, status }, now) => [
      metadata.name ?? "",
      spec?.service ? `${spec.service.namespace}/${spec.service.name}` : "Local",
      availability(status),
      age(metadata.creationTimestamp, now),
    ],
  },
});

/** What the server serves itself is always there. */
const localAvailable = (time: string | undefined) => ({
  type: "Available",
  status: "True",
  reason: "Local",
  message: "Local APIServices are always available",
  ...time === undefined ? {} : { lastTransitionTime: time },
});

function availability(status: APIService["status"]): string {
  const condition = status?.conditions?.find(({ type }) => type === "Available");
  if (condition === undefined) return "Unknown";
  return condition.status === "True" ? "True" : `${condition.status} (${condition.reason ?? ""})`;
}

/** The name says which version of which group is served. */
function nameErrors(name: string, { spec }: APIService): string[] {
  const wrong = pathSegmentName(name);
  if (wrong.length > 0) return wrong;
  const expected = `${spec?.version ?? ""}.${spec?.group ?? ""}`;
  return name === expected ? [] : [`must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`];
}

function validate({ spec }: APIService): FieldError[] {
  const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0, service } = spec ?? {};
  const errors: FieldError[] = [];
  if (group === "" && version !== "v1") {
    errors.push(required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
  }
  if (group !== "") errors.push(...check("spec.group", group, dns1123Subdomain));
  errors.push(...check("spec.version", version, dns1035Label));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000) {
    const message = "must be positive and less than 20000";
    errors.push(invalid("spec.groupPriorityMinimum", groupPriorityMinimum, message));
  }
  if (versionPriority <= 0 || versionPriority > 1000) {
    errors.push(invalid("spec.versionPriority", versionPriority, "must be positive and less than 1000"));
  }
  return [...errors, ...service ? validateRemote(spec) : validateLocal(spec ?? {})];
}

type Spec = Partial<NonNullable<APIService["spec"]>>;

function validateLocal({ caBundle, insecureSkipTLSVerify }: Spec): FieldError[] {
  return [
    ...caBundle
      ? [invalid("spec.caBundle", `${base64Length(caBundle)} bytes`, "local APIServices may not have a caBundle")]
      : [],
    ...insecureSkipTLSVerify
      ? [invalid("spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify")]
      : [],
  ];
}

function validateRemote({ service = {}, caBundle, insecureSkipTLSVerify }: Spec): FieldError[] {
  const wrongPort = portNumber(service.port ?? 0);
  return [
    ...service.namespace ? [] : [required("spec.service.namespace")],
    ...service.name ? [] : [required("spec.service.name")],
    ...wrongPort.length === 0
      ? []
      : [invalid("spec.service.port", service.port ?? 0, `port is not valid: ${wrongPort.join(", ")}`)],
    ...insecureSkipTLSVerify && caBundle
      ? [invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present")]
      : [],
  ];
}
