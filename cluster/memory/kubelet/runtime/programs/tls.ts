/**
 * Whether a client trusts a server's certificates, and what curl says when it does not.
 *
 * Source: OpenSSL, `doc/man1/openssl-verification-options.pod` for the words.
 */
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { isAddress } from "../network.ts";

export interface TrustOptions {
  /** The name or address that was asked for. */
  readonly host: string;
  /** The authorities that the client believes, PEM; none unless given. */
  readonly authorities?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why a server is not trusted: curl's exit code is 60 for all of them. */
export interface Distrust {
  readonly text: string;
  /** OpenSSL's number, where it is OpenSSL that complains. */
  readonly code?: number;
}

/** The certificates of a text, in their order; none where it has none. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(Buffer.from(block))];
    } catch {
      return [];
    }
  });
}

/** @param shown what the server shows, its own certificate first, PEM; without any it is one that nobody knows */
export function distrust(shown: string, { host, authorities = "", now }: TrustOptions): Distrust | undefined {
  const chain = certificatesOf(shown);
  const problem = (code: number, text: string) => ({ code, text: `SSL certificate problem: ${text}` });
  const [own] = chain;
  if (own === undefined) return problem(18, "self-signed certificate");
  const trusted = certificatesOf(authorities);
  const link = anchored(chain, trusted);
  if (link === "self-signed") return problem(18, "self-signed certificate");
  if (link === "self-signed root") return problem(19, "self-signed certificate in certificate chain");
  if (link === "unknown") return problem(20, "unable to get local issuer certificate");
  if (Date.parse(own.validTo) < now) return problem(10, "certificate has expired");
  const names = own.subjectAltName?.split(", ") ?? [];
  const [, name = ""] = /^CN=(.*)$/m.exec(own.subject) ?? [];
  const known = names.length > 0 ? names : [`DNS:${name}`];
  if (known.some((one) => one === `IP Address:${host}` || isName(one.replace(/^DNS:/, ""), host))) return undefined;
  const what = isAddress(host) ? "ipv4 address" : "host name";
  if (names.length > 0) {
    return { text: `SSL: no alternative certificate subject name matches target ${what} '${host}'` };
  }
  return { text: `SSL: certificate subject name '${name}' does not match target ${what} '${host}'` };
}

/** A wildcard is one label. */
function isName(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  return wanted === given || (wanted.startsWith("*.") && given.split(/\.(.*)/s)[1] === wanted.slice(2));
}

/** Whether a chain leads to somebody who is trusted, and where it ends otherwise. */
function anchored(
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): "trusted" | "self-signed" | "self-signed root" | "unknown" {
  let at = chain[0];
  for (let depth = 0; depth <= chain.length; depth++) {
    if (trusted.some((one) => one.fingerprint256 === at.fingerprint256 || signed(at, one))) return "trusted";
    if (signed(at, at)) return depth === 0 ? "self-signed" : "self-signed root";
    const next = chain.find((one) => one !== at && signed(at, one));
    if (next === undefined) return "unknown";
    at = next;
  }
  return "unknown";
}

const signed = (certificate: X509Certificate, by: X509Certificate) =>
  certificate.checkIssued(by) && certificate.verify(by.publicKey);

/** What curl shows of a server's certificate when it tells more. */
export function describeCertificate(shown: string, verdict: string): readonly string[] {
  const [own] = certificatesOf(shown);
  const flat = (name: string) => name.split("\n").join("; ");
  return [
    "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / x25519 / id-ecPublicKey",
    "ALPN: server accepted http/1.1",
    "Server certificate:",
    ...own === undefined ? [] : [
      ` subject: ${flat(own.subject)}`,
      ` start date: ${own.validFrom}`,
      ` expire date: ${own.validTo}`,
      ` issuer: ${flat(own.issuer)}`,
    ],
    ` ${verdict}`,
  ];
}
