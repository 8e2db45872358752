/**
 * Makes keys and X.509 certificates. Imported lazily: what it stands on takes longer to load than a server to start.
 */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const [SERVER_AUTH, CLIENT_AUTH] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
const ALTERNATIVE_NAMES = "2.5.29.17";
const DAY = 86_400_000;

/** A certificate and its private key (PKCS#8), both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface Names {
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
}

export interface IssueOptions {
  readonly subject: Subject;
  readonly usage: "server" | "client" | "both";
  readonly names?: Names;
  /** When it becomes valid, in milliseconds since the epoch; a minute before `now`, for clocks that are late. */
  readonly now: number;
  readonly days: number;
  /** What the key may be used for, "digital signature" and "key encipherment" unless said. */
  readonly keyUsages?: readonly string[];
}

/** A self-signed authority. */
export async function createAuthority(commonName: string, now: number, days: number): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + days * DAY),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment | x509.KeyUsageFlags.keyCertSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(certificate), key: await privatePem(keys.privateKey) };
}

/** A certificate signed by an authority, with a new key. */
export async function issue(authority: KeyPair, options: IssueOptions): Promise<KeyPair> {
  const keys = await generateKeys();
  return { certificate: await sign(authority, keys.publicKey, options), key: await privatePem(keys.privateKey) };
}

/** What a key may be used for, as CertificateSigningRequests name it. */
const KEY_USAGES: Readonly<Record<string, number>> = {
  "signing": x509.KeyUsageFlags.digitalSignature,
  "digital signature": x509.KeyUsageFlags.digitalSignature,
  "content commitment": x509.KeyUsageFlags.nonRepudiation,
  "key encipherment": x509.KeyUsageFlags.keyEncipherment,
  "data encipherment": x509.KeyUsageFlags.dataEncipherment,
  "key agreement": x509.KeyUsageFlags.keyAgreement,
  "cert sign": x509.KeyUsageFlags.keyCertSign,
  "crl sign": x509.KeyUsageFlags.cRLSign,
  "encipher only": x509.KeyUsageFlags.encipherOnly,
  "decipher only": x509.KeyUsageFlags.decipherOnly,
};

/** A certificate (PEM) for a key that somebody else has. */
export async function sign(authority: KeyPair, publicKey: x509.PublicKeyType, options: IssueOptions): Promise<string> {
  const { subject, usage, names, now, days, keyUsages = ["digital signature", "key encipherment"] } = options;
  const flags = keyUsages.reduce((flags, name) => flags | (KEY_USAGES[name] ?? 0), 0);
  const issuer = new x509.X509Certificate(authority.certificate);
  const usages = [...usage === "client" ? [] : [SERVER_AUTH], ...usage === "server" ? [] : [CLIENT_AUTH]];
  const alternative = [
    ...(names?.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(names?.ips ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [...(subject.organizations ?? []).map((name) => ({ O: [name] })), { CN: [subject.commonName] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + days * DAY),
    publicKey,
    signingKey: await importPrivate(authority.key),
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)],
      new x509.ExtendedKeyUsageExtension(usages),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(await issuer.publicKey.export()),
      ...alternative.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(alternative)],
    ],
  });
  return pem(certificate);
}

/**
 * Signs what somebody asks for in a certificate request (PEM), as the certificate controller does.
 *
 * @param seconds how long the certificate is valid
 * @param usages of the CertificateSigningRequest, "client auth"
 */
export async function signRequest(
  authority: KeyPair,
  request: string,
  { now, seconds, usages }: { readonly now: number; readonly seconds: number; readonly usages: readonly string[] },
): Promise<string> {
  const asked = new x509.Pkcs10CertificateRequest(request);
  if (!await asked.verify()) throw new Error("the certificate request is not signed by its own key");
  const alternative = asked.getExtension(ALTERNATIVE_NAMES);
  const names = alternative === null ? [] : new x509.SubjectAlternativeNameExtension(alternative.rawData).names.items;
  const subject = asked.subjectName;
  const [server, client] = [usages.includes("server auth"), usages.includes("client auth")];
  return await sign(authority, asked.publicKey, {
    subject: { commonName: subject.getField("CN")[0] ?? "", organizations: subject.getField("O") },
    usage: server && client ? "both" : server ? "server" : "client",
    keyUsages: usages,
    names: {
      dns: names.filter(({ type }) => type === "dns").map(({ value }) => value),
      ips: names.filter(({ type }) => type === "ip").map(({ value }) => value),
    },
    now,
    days: seconds * 1000 / DAY,
  });
}

/** A private key, PKCS#8 in PEM, that signs tokens (ES256). */
export async function generateSigningKey(): Promise<string> {
  return await privatePem((await generateKeys()).privateKey);
}

const generateKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

const pem = (certificate: x509.X509Certificate) => `${certificate.toString("pem").trim()}\n`;

async function privatePem(key: CryptoKey): Promise<string> {
  const text = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  return `${text.trim()}\n`;
}

const importPrivate = (key: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(key), ALGORITHM, false, ["sign"]);

/** Random, positive, without a leading zero byte. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = bytes[0] & 0x7f | 0x01;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
