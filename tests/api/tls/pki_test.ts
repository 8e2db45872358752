import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { createAuthority, issue, signRequest } from "../../../cluster/memory/api/tls/certificates.ts";
import { kubeconfig } from "../../../cluster/memory/api/tls/kubeconfig.ts";
import { loadPki } from "../../../cluster/memory/api/tls/pki.ts";

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

Deno.test("keys are made once, and again when they end", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pki-"));
  try {
    const first = await loadPki({ now: NOW, folder });
    assert.deepEqual(await loadPki({ now: NOW + 300 * DAY, folder }), first);
    assert.notEqual((await loadPki({ now: NOW + 364.5 * DAY, folder })).server.key, first.server.key);
    for (const name of await readdir(folder)) {
      assert.equal((await stat(join(folder, name))).mode & 0o077, 0, `${name} is for its owner alone`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("the certificates say who is who, and by whose word", async () => {
  const { authority, server, administrator } = await loadPki({ now: NOW });
  const [ca, api, admin] = [authority, server, administrator].map(({ certificate }) =>
    new X509Certificate(certificate)
  );
  assert.equal(ca.ca, true);
  assert.equal(api.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
  assert.equal(api.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(api.verify(ca.publicKey), true);
  assert.match(admin.subject, /CN=kubernetes-admin/);
  assert.match(admin.subject, /O=kubeadm:cluster-admins/);
  assert.equal(admin.verify(ca.publicKey), true);
});

Deno.test("a request is signed for whom it names", async () => {
  const x509 = await import("@peculiar/x509");
  const { ExtendedKeyUsageExtension, Pkcs10CertificateRequestGenerator, X509Certificate: Parsed } = x509;
  const authority = await createAuthority("kubernetes", NOW, 10);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const name = "CN=alice,O=dev";
  const request = await Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "alice.example.com" }])],
  });
  const options = { now: NOW, seconds: 3600, usages: ["client auth"] };
  const pem = await signRequest(authority, request.toString("pem"), options);
  const certificate = new X509Certificate(pem);
  assert.match(certificate.subject, /CN=alice/);
  assert.equal(Date.parse(certificate.validTo), NOW + 3_600_000);
  assert.equal(certificate.verify(new X509Certificate(authority.certificate).publicKey), true);
  const usage = new Parsed(pem).getExtension("2.5.29.37")!;
  assert.deepEqual([...new ExtendedKeyUsageExtension(usage.rawData).usages], ["1.3.6.1.5.5.7.3.2"]);
  assert.equal(new Parsed(pem).getExtension("2.5.29.15"), null, "a key's usage is said where it is asked for");
  const signing = await signRequest(authority, request.toString("pem"), {
    ...options,
    usages: ["client auth", "digital signature"],
  });
  assert.ok(new Parsed(signing).getExtension("2.5.29.15"));
  assert.equal(certificate.checkHost("alice.example.com"), "alice.example.com");
  await assert.rejects(signRequest(authority, "nonsense", options));
});

Deno.test("a kubeconfig has all that a client needs", async () => {
  const authority = await createAuthority("kubernetes", NOW, 10);
  const subject = { commonName: "kubernetes-admin" };
  const administrator = await issue(authority, { subject, usage: "client", now: NOW, days: 1 });
  const server = "https://127.0.0.1:6443";
  const config = parse(kubeconfig({ server, authority: authority.certificate, administrator, context: "drydock" }));
  assert.equal(config["current-context"], "drydock");
  assert.deepEqual(config.contexts[0], { name: "drydock", context: { cluster: "drydock", user: "drydock-admin" } });
  assert.equal(config.clusters[0].cluster.server, server);
  assert.equal(atob(config.users[0].user["client-key-data"]), administrator.key);
});
