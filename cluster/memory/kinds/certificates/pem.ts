/** Requests and certificates as PEM text. Source: `pkg/apis/certificates` and Go's `crypto/x509`. */
import type { Pkcs10CertificateRequest } from "@peculiar/x509";
import { Buffer } from "node:buffer";
import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { x509 } from "./x509.ts";

interface Block {
  readonly type: string;
  readonly headers: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const BLOCK = /-----BEGIN ([^\n\r]*?)-----\r?\n([^]*?)-----END \1-----/g;

/** The blocks of a text, as Go's decoder finds them: what is not PEM is skipped. */
function blocks(text: string): Block[] {
  return [...text.matchAll(BLOCK)].map(([, type, content]) => {
    const headers = /^[^\n:]+:/.test(content);
    const body = headers ? content.replace(/^[^]*?\r?\n\r?\n/, "") : content;
    return { type, headers, bytes: new Uint8Array(Buffer.from(body, "base64")) };
  });
}

const textOf = (base64: string) => Buffer.from(base64, "base64").toString("latin1");

/** Needs `loadX509`. What is wrong with a certificate request, undefined when it is right and signed with its own key. */
export function requestError(base64: string): string | undefined {
  const [block] = blocks(textOf(base64));
  if (block?.type !== "CERTIFICATE REQUEST") return "PEM block type must be CERTIFICATE REQUEST";
  let request: Pkcs10CertificateRequest;
  try {
    request = new (x509().Pkcs10CertificateRequest)(block.bytes);
  } catch {
    return "asn1: structure error: tags don't match";
  }
  return isSelfSigned(request, block.bytes) ? undefined : "x509: invalid signature";
}

/** The part of a DER sequence's content that its first element takes, with its header. */
function firstElement(der: Uint8Array): Uint8Array {
  const outer = headerLength(der);
  const inner = der.subarray(outer);
  return inner.subarray(0, headerLength(inner) + contentLength(inner));
}

const headerLength = (der: Uint8Array): number => der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f);
const contentLength = (der: Uint8Array): number =>
  der[1] < 0x80 ? der[1] : der.subarray(2, headerLength(der)).reduce((length, byte) => length * 256 + byte, 0);

function isSelfSigned(request: Pkcs10CertificateRequest, der: Uint8Array): boolean {
  const { name, hash } = request.signatureAlgorithm as { readonly name: string; readonly hash?: { name: string } };
  const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: "der", type: "spki" });
  const algorithm = name === "Ed25519" ? null : (hash?.name ?? "SHA-256").replace("-", "").toLowerCase();
  try {
    return verify(algorithm, firstElement(der), key, new Uint8Array(request.signature));
  } catch {
    return false;
  }
}

/** What is wrong with a chain of certificates. */
export function certificateError(base64: string): string | undefined {
  if (base64 === "") return undefined;
  const found = blocks(textOf(base64));
  if (found.length === 0) return "must contain at least one CERTIFICATE PEM block";
  for (const { type, headers, bytes } of found) {
    if (type !== "CERTIFICATE") return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (headers) return "no PEM block headers are permitted";
    if (bytes.length === 0) return "found CERTIFICATE PEM block containing 0 certificates";
    try {
      new X509Certificate(bytes);
    } catch {
      return "x509: malformed certificate";
    }
  }
  return undefined;
}
