/** The certificate that ingress-nginx makes for itself, for hosts that have none. */
import type { Clock } from "../../clock.ts";

const NAME = "Kubernetes Ingress Controller Fake Certificate";
const DAYS = 365;

/** PEM. Nobody has signed it but itself. */
export async function fakeCertificate(clock: Clock): Promise<string> {
  const { createAuthority, issue } = await import("../../api/tls/certificates.ts");
  const now = clock.now();
  const authority = await createAuthority(NAME, now, DAYS);
  const { certificate } = await issue(authority, {
    subject: { commonName: NAME, organizations: ["Acme Co"] },
    usage: "server",
    names: { dns: ["ingress.local"] },
    now,
    days: DAYS,
  });
  return certificate;
}
