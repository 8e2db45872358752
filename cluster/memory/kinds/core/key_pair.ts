/**
 * What a client is told about a TLS secret whose certificate and key are no pair.
 *
 * Source: X509KeyPair of Go's `crypto/tls`.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";

interface Block {
  readonly type: string;
  readonly text: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[A-Za-z0-9+/=\r\n\s]*?-----END \1-----/g;

const blocks = (text: string): Block[] => [...text.matchAll(BLOCK)].map(([text, type]) => ({ type, text }));

/** The error of reading a certificate and its key, as a list for warnings: at most one. */
export function keyPairWarnings(certificate: string, key: string): string[] {
  const wrong = keyPairError(certificate, key);
  return wrong === undefined ? [] : [wrong];
}

function keyPairError(certificate: string, key: string): string | undefined {
  const inCertificate = blocks(certificate);
  const first = inCertificate.find(({ type }) => type === "CERTIFICATE");
  if (first === undefined) {
    if (inCertificate.length === 0) return "tls: failed to find any PEM data in certificate input";
    if (inCertificate.length === 1 && inCertificate[0].type.endsWith("PRIVATE KEY")) {
      return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
    }
    return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${
      inCertificate.map(({ type }) => type).join(" ")
    }]`;
  }
  const inKey = blocks(key);
  const private_ = inKey.find(({ type }) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"));
  if (private_ === undefined) {
    if (inKey.length === 0) return "tls: failed to find any PEM data in key input";
    if (inKey.length === 1 && inKey[0].type === "CERTIFICATE") {
      return "tls: found a certificate rather than a key in the PEM for the private key";
    }
    return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${
      inKey.map(({ type }) => type).join(" ")
    }]`;
  }
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(first.text);
  } catch {
    return "x509: malformed certificate";
  }
  try {
    const pair = createPublicKey(createPrivateKey(private_.text)).export({ type: "spki", format: "pem" });
    if (pair !== x509.publicKey.export({ type: "spki", format: "pem" })) {
      return "tls: private key does not match public key";
    }
  } catch {
    return "tls: failed to parse private key";
  }
  return undefined;
}
