/** Errors of a CertificateSigningRequest. Source: `pkg/apis/certificates/validation/validation.go`. */
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { diffJson } from "../go/unified_diff.ts";
import { equalJson } from "../json.ts";
import { metadataErrors } from "../object_meta.ts";
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "../schema/types.ts";
import { certificateError, requestError } from "./pem.ts";
import { validateSignerName } from "./signer_name.ts";

type Request = CertificateSigningRequest;

const USAGES = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];
const LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
const DECISIONS = ["Approved", "Denied"];
const conditionsOf = ({ status }: Request) => status?.conditions ?? [];

/** @param old the state before, for an update: what was wrong there may stay */
export function validateRequest(request: Request, old?: Request): FieldError[] {
  const { usages = [], signerName = "", expirationSeconds } = request.spec;
  // Bytes that must be there are null when they are not.
  const pem = request.spec.request ?? "";
  const errors: FieldError[] = [];
  const wrong = requestError(pem);
  if (wrong !== undefined) errors.push(invalid("spec.request", pem, wrong));
  if (usages.length === 0) errors.push(required("spec.usages"));
  const before = old?.spec.usages ?? [];
  if (before.every((usage) => USAGES.includes(usage))) {
    usages.forEach((usage, i) => {
      if (!USAGES.includes(usage)) errors.push(notSupported(`spec.usages[${i}]`, usage, USAGES));
    });
  }
  if (new Set(before).size === before.length) {
    usages.forEach((usage, i) => {
      if (usages.indexOf(usage) < i) errors.push(duplicate(`spec.usages[${i}]`, usage));
    });
  }
  if (signerName === LEGACY_SIGNER && old?.spec.signerName !== LEGACY_SIGNER) {
    errors.push(invalid("spec.signerName", signerName, "the legacy signerName is not allowed via this API version"));
  } else errors.push(...validateSignerName("spec.signerName", signerName));
  if (expirationSeconds !== undefined && expirationSeconds < 600) {
    const message = "may not specify a duration less than 600 seconds (10 minutes)";
    errors.push(invalid("spec.expirationSeconds", expirationSeconds, message));
  }
  errors.push(...validateConditions(request, old));
  const [certificate, oldCertificate] = [request.status?.certificate ?? "", old?.status?.certificate ?? ""];
  const anyCertificate = old !== undefined &&
    (certificate === oldCertificate || certificateError(oldCertificate) !== undefined);
  const wrongCertificate = anyCertificate ? undefined : certificateError(certificate);
  if (wrongCertificate !== undefined) {
    errors.push(invalid("status.certificate", "<certificate data>", wrongCertificate));
  }
  return errors;
}

function validateConditions(request: Request, old: Request | undefined): FieldError[] {
  const types = old === undefined ? [] : conditionsOf(old).map(({ type }) => type);
  const anyDecision = DECISIONS.every((type) => types.includes(type));
  const anyType = types.includes("");
  const anyDuplicate = new Set(types).size < types.length;
  const seen = new Set<string>();
  return conditionsOf(request).flatMap(({ type = "", status = "" }, i) => {
    const path = `status.conditions[${i}]`;
    const errors: FieldError[] = [];
    if (type === "" && !anyType) errors.push(required(`${path}.type`));
    const allowed = ["Approved", "Denied", "Failed"].includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (status === "") errors.push(required(`${path}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${path}.status`, status, allowed));
    const other = DECISIONS.includes(type) ? DECISIONS.find((decision) => decision !== type)! : undefined;
    if (!anyDecision && other !== undefined && seen.has(other)) {
      const message = "Approved and Denied conditions are mutually exclusive";
      errors.push(invalid("status.conditions", type, message));
    }
    if (seen.has(type) && !anyDuplicate) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    return errors;
  });
}

/** Which part of the status the change may write: each has a subresource of its own. */
export interface Writable {
  readonly approval?: boolean;
  readonly certificate?: boolean;
}

export function validateRequestChange(request: Request, old: Request, writable: Writable): FieldError[] {
  const errors = [...validateRequest(request, old), ...metadataErrors(request)];
  const of = (from: Request, type: string) => conditionsOf(from).filter((condition) => condition.type === type);
  const wrong = (message: string) => errors.push(forbidden("status.conditions", message));
  for (const type of [...DECISIONS, "Failed"]) {
    if (of(request, type).length < of(old, type).length) {
      wrong(`updates may not remove a condition of type ${JSON.stringify(type)}`);
    }
  }
  for (const type of writable.approval ? [] : DECISIONS) {
    const [now, before] = [of(request, type), of(old, type)];
    if (now.length > before.length) wrong(`updates may not add a condition of type ${JSON.stringify(type)}`);
    else if (now.length === before.length && !equalJson(now, before)) {
      const difference = diffJson(before.map(inGo), now.map(inGo));
      wrong(`updates may not modify a condition of type ${JSON.stringify(type)}\n${difference}`);
    }
  }
  const [certificate, before] = [request.status?.certificate ?? "", old.status?.certificate ?? ""];
  if (certificate === before) return errors;
  if (!writable.certificate) {
    errors.push(forbidden("status.certificate", "updates may not set certificate content"));
  } else if (before !== "") {
    errors.push(forbidden("status.certificate", "updates may not modify existing certificate content"));
  }
  return errors;
}

/** A condition as Go prints its own type. */
const inGo = (condition: CertificateSigningRequestCondition) => ({
  Type: condition.type,
  Status: condition.status,
  Reason: condition.reason ?? "",
  Message: condition.message ?? "",
  LastUpdateTime: condition.lastUpdateTime ?? null,
  LastTransitionTime: condition.lastTransitionTime ?? null,
});
