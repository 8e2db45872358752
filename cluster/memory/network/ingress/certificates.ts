/**
 * The certificates that an Ingress controller shows for a host.
 *
 * Source: extractTLSSecretName and createServers of `kubernetes/ingress-nginx/internal/ingress/controller/controller.go`.
 */
import { X509Certificate } from "node:crypto";
import type { Ingress, Secret } from "../../kinds/schema/types.ts";

export type Secrets = (namespace: string, name: string) => Secret | undefined;

/**
 * Whether a host is served with TLS, and by which certificates (PEM): without any of its own it is the controller's.
 *
 * @param host of a rule, as the Ingress writes it
 * @returns undefined where no Ingress of the host has a section on TLS
 */
export function tlsOf(
  ingresses: readonly Ingress[],
  host: string,
  secrets: Secrets,
): { readonly certificate?: string } | undefined {
  for (const { spec: { tls = [], rules = [] }, metadata: { namespace = "" } } of ingresses) {
    if (tls.length === 0 || !rules.some((rule) => rule.host?.toLowerCase() === host)) continue;
    const certificateOf = (secretName: string | undefined) =>
      secretName === undefined ? undefined : certificateIn(secrets(namespace, secretName));
    const named = tls.find(({ hosts = [] }) => hosts.some((one) => one.toLowerCase() === host));
    if (named !== undefined) return { certificate: certificateOf(named.secretName) };
    const fitting = tls.map(({ secretName }) => certificateOf(secretName)).find((pem) => pem && isFor(pem, host));
    return { certificate: fitting };
  }
  return undefined;
}

/** The certificates of a Secret of type kubernetes.io/tls in PEM, undefined where they are none. */
export function certificateIn(secret: Secret | undefined): string | undefined {
  const { "tls.crt": certificate, "tls.key": key } = secret?.data ?? {};
  if (!certificate || !key) return undefined;
  const pem = new TextDecoder().decode(Uint8Array.from(atob(certificate), (letter) => letter.charCodeAt(0)));
  return parsed(pem) === undefined ? undefined : pem;
}

const isFor = (pem: string, host: string): boolean => parsed(pem)?.checkHost(host) !== undefined;

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // What is no certificate is passed over, as the controller does.
  }
}
