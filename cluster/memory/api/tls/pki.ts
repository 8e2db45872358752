/**
 * The cluster's keys and certificates, as kubeadm lays them out: an authority, the server's certificate, the
 * administrator's, and the key that signs service accounts' tokens.
 *
 * Kept in a folder they are made once: a server that finds them starts without the library that makes them.
 */
import { X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import type { User } from "../user.ts";
import type { KeyPair } from "./certificates.ts";

export interface Pki {
  readonly authority: KeyPair;
  readonly server: KeyPair;
  readonly administrator: KeyPair;
  /** PKCS#8 in PEM: signs service accounts' tokens. */
  readonly serviceAccountKey: string;
}

export interface PkiOptions {
  /** The world's time, in milliseconds since the epoch: certificates are judged by clients outside of the cluster. */
  readonly now: number;
  /** Where keys are kept for the next time; in this process alone unless given. */
  readonly folder?: string;
}

/** Whom the administrator's certificate names: a binding lets the group do everything. */
export const ADMINISTRATOR: User = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins"] };

/** Names under which the server is reached. */
const SERVER_NAMES = {
  dns: [
    "localhost",
    "controlplane",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ],
  ips: ["127.0.0.1", "10.96.0.1"],
};

/** The name of the authority's subject, as kubeadm has it. */
const AUTHORITY = "kubernetes";
const DAY = 86_400_000;

const FILES: readonly (readonly [keyof Omit<Pki, "serviceAccountKey">, string])[] = [
  ["authority", "ca"],
  ["server", "apiserver"],
  ["administrator", "admin"],
];

/** What this process has made for clusters that keep nothing: they share it. */
let ofProcess: Promise<Pki> | undefined;

/** The keys and certificates in the folder, or new ones when there are none or they end soon. */
export async function loadPki({ now, folder }: PkiOptions): Promise<Pki> {
  if (folder === undefined) {
    if (ofProcess === undefined || !lasts(await ofProcess, now)) ofProcess = createPki(now);
    return await ofProcess;
  }
  const kept = await read(folder).catch(() => undefined);
  if (kept !== undefined && lasts(kept, now)) return kept;
  const made = await createPki(now);
  // A folder that cannot be written costs the next start some time, and nothing else.
  await write(folder, made).catch(() => {});
  return made;
}

async function createPki(now: number): Promise<Pki> {
  const { createAuthority, generateSigningKey, issue } = await import("./certificates.ts");
  const authority = await createAuthority(AUTHORITY, now, 3650);
  const [server, administrator, serviceAccountKey] = await Promise.all([
    issue(authority, {
      subject: { commonName: "kube-apiserver" },
      usage: "server",
      names: SERVER_NAMES,
      now,
      days: 365,
    }),
    issue(authority, {
      subject: { commonName: ADMINISTRATOR.name, organizations: ADMINISTRATOR.groups },
      usage: "client",
      now,
      days: 365,
    }),
    generateSigningKey(),
  ]);
  return { authority, server, administrator, serviceAccountKey };
}

/** A day more is what a session takes. */
function lasts(pki: Pki, now: number): boolean {
  return FILES.every(([name]) => Date.parse(new X509Certificate(pki[name].certificate).validTo) > now + DAY);
}

async function read(folder: string): Promise<Pki> {
  const text = (name: string) => readFile(join(folder, name), "utf8");
  const [pairs, serviceAccountKey] = await Promise.all([
    Promise.all(FILES.map(async ([name, file]) => {
      const [certificate, key] = await Promise.all([text(`${file}.crt`), text(`${file}.key`)]);
      return [name, { certificate, key }] as const;
    })),
    text("sa.key"),
  ]);
  return { ...Object.fromEntries(pairs) as unknown as Omit<Pki, "serviceAccountKey">, serviceAccountKey };
}

/** Whole files only: two servers that start at once do not read halves. */
async function write(folder: string, pki: Pki): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const put = async (name: string, text: string) => {
    const temporary = join(folder, `.${name}.${process.pid}`);
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, join(folder, name));
  };
  for (const [name, file] of FILES) {
    await put(`${file}.key`, pki[name].key);
    await put(`${file}.crt`, pki[name].certificate);
  }
  await put("sa.key", pki.serviceAccountKey);
}
