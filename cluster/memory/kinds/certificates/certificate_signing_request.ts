/**
 * CertificateSigningRequest. Who asks is written down by the API when the request is created.
 *
 * Source: `pkg/registry/certificates/certificates` and `pkg/apis/certificates/validation`.
 */
import { equalJson } from "../json.ts";
import { defineKind, type StatusStrategy } from "../kind.ts";
import type { Draft } from "../object.ts";
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "../schema/types.ts";
import { age, humanDuration, tableOf } from "../table.ts";
import { validateRequest, validateRequestChange } from "./validation.ts";
import { loadX509 } from "./x509.ts";

type Request = CertificateSigningRequest;

export const certificateSigningRequest = defineKind<Request>({
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  singular: "certificatesigningrequest",
  shortNames: ["csr"],
  namespaced: false,
  type: "certificates.v1.CertificateSigningRequest",
  load: loadX509,
  strategy: {
    names: "path",
    generation: false,
    prepareForCreate: (request) => void (request.status = {}),
    prepareForUpdate(request, old) {
      request.spec = old.spec as typeof request.spec;
      request.status = old.status as typeof request.status;
    },
    validate: (request) => validateRequest(request),
    validateUpdate: (request, old) => validateRequestChange(request, old, {}),
  },
  status: {
    prepareForUpdate(request, old, now) {
      request.spec = old.spec as typeof request.spec;
      for (const type of ["Approved", "Denied"]) keepConditions(request, old, type);
      noteTimes(request, old, now);
    },
    validateUpdate: (request, old) => validateRequestChange(request, old, { certificate: true }),
  },
  subresources: [{
    name: "approval",
    kind: { group: "certificates.k8s.io", version: "v1", kind: "CertificateSigningRequest" },
    verbs: ["get", "patch", "update"],
  }],
  table: tableOf("certificates.v1.CertificateSigningRequest", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    age(metadata.creationTimestamp, now),
    spec.signerName || "<none>",
    spec.username ?? "",
    spec.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds * 1000),
    state(status),
  ]),
  selectableFields: ({ spec }) => ({ "spec.signerName": spec?.signerName ?? "" }),
});

/** The approval subresource: conditions change, nothing else. */
export const approval: StatusStrategy<Request> = {
  prepareForUpdate(request, old, now) {
    noteTimes(request, old, now);
    const { conditions } = request.status ?? {};
    request.spec = old.spec as typeof request.spec;
    request.status = { ...old.status as typeof request.status, ...conditions === undefined ? {} : { conditions } };
  },
  validateUpdate: (request, old) => validateRequestChange(request, old, { approval: true }),
};

function state(status: Request["status"]): string {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type) ?? false;
  return [
    has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending",
    ...has("Failed") ? ["Failed"] : [],
    ...status?.certificate ? ["Issued"] : [],
  ].join(",");
}

/** Conditions that only the approval may change stay as they were. */
function keepConditions(request: Draft<Request>, old: Request, type: string) {
  const of = (conditions: readonly CertificateSigningRequestCondition[] = []) =>
    conditions.flatMap((condition, i) => condition.type === type ? [i] : []);
  const [now, before] = [of(request.status?.conditions), of(old.status?.conditions)];
  if (now.length !== before.length) return;
  now.forEach((index, i) => {
    request.status!.conditions![index] = { ...old.status!.conditions![before[i]] };
  });
}

/** Conditions without times get them: a status that stays keeps the time since when it is so. */
function noteTimes(request: Draft<Request>, old: Request, now: number | undefined) {
  if (now === undefined) return;
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
  for (const condition of request.status?.conditions ?? []) {
    condition.lastUpdateTime ||= time;
    if (condition.lastTransitionTime) continue;
    const same = old.status?.conditions?.find(({ type, status, lastTransitionTime }) =>
      equalJson([type, status], [condition.type, condition.status]) && lastTransitionTime
    );
    condition.lastTransitionTime = same?.lastTransitionTime ?? time;
  }
}
