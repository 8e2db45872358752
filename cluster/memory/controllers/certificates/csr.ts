/** Certificate signing requests: what they ask for, and whether a signer may give it. Source: `pkg/apis/certificates/helpers.go`. */
import { loadX509 } from "../../kinds/certificates/x509.ts";
import type { CertificateSigningRequest } from "../../kinds/schema/types.ts";

export const KUBE_API_CLIENT = "kubernetes.io/kube-apiserver-client";
export const KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
export const KUBELET_SERVING = "kubernetes.io/kubelet-serving";
export const LEGACY_UNKNOWN = "kubernetes.io/legacy-unknown";

export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** "dns", "ip", "email" and "url" names. */
  readonly names: readonly { readonly type: string; readonly value: string }[];
}

/** The PEM of a request. */
export const pemOf = ({ spec }: CertificateSigningRequest): string => atob(spec.request as unknown as string);

/** @rejects when the request is none */
export async function subjectOf(csr: CertificateSigningRequest): Promise<Subject> {
  const { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } = await loadX509();
  const request = new Pkcs10CertificateRequest(pemOf(csr));
  const extension = request.getExtension("2.5.29.17");
  const names = extension === null ? [] : new SubjectAlternativeNameExtension(extension.rawData).names.items;
  return {
    commonName: request.subjectName.getField("CN")[0] ?? "",
    organizations: request.subjectName.getField("O"),
    names: names.map(({ type, value }) => ({ type, value })),
  };
}

export const hasCondition = ({ status }: CertificateSigningRequest, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type) === true;

const sameSet = (usages: readonly string[], wanted: readonly string[]) =>
  usages.length === wanted.length && wanted.every((usage) => usages.includes(usage));

/** Why a signer does not sign the request; undefined when it does. */
export function refusal({ spec }: CertificateSigningRequest, subject: Subject): string | undefined {
  const usages = spec.usages ?? [];
  switch (spec.signerName) {
    case KUBE_API_CLIENT: {
      const wrong = usages.find((usage) => !["digital signature", "key encipherment", "client auth"].includes(usage));
      if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`;
      return usages.includes("client auth") ? undefined : "missing required usage for client certificate: client auth";
    }
    case KUBELET_CLIENT:
      return nodeSubject(subject) ?? namesOf(subject, ["dns", "email", "ip", "url"]) ?? usagesOf(usages, "client auth");
    case KUBELET_SERVING: {
      const has = subject.names.some(({ type }) => type === "dns" || type === "ip");
      return nodeSubject(subject) ??
        (has ? undefined : "at least one of DNS subjectAltNames, IP subjectAltNames is required") ??
        namesOf(subject, ["email", "url"]) ?? usagesOf(usages, "server auth");
    }
    default:
      return undefined;
  }
}

function nodeSubject({ commonName, organizations }: Subject): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== "system:nodes") {
    return "subject organization is not system:nodes";
  }
  return commonName.startsWith("system:node:")
    ? undefined
    : "subject common name does not begin with system:node: prefix";
}

const NAMES: Readonly<Record<string, string>> = { dns: "DNS", ip: "IP", email: "Email", url: "URI" };

function namesOf({ names }: Subject, forbidden: readonly string[]): string | undefined {
  const found = forbidden.find((type) => names.some((name) => name.type === type));
  return found && `${NAMES[found]} subjectAltNames are not allowed`;
}

function usagesOf(usages: readonly string[], auth: string): string | undefined {
  const wanted = ["digital signature", auth];
  if (sameSet(usages, wanted) || sameSet(usages, [...wanted, "key encipherment"])) return undefined;
  return `usages did not match [${["key encipherment", ...wanted].sort().join(" ")}]`;
}
