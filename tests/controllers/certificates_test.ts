import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { certificateSigningRequests, services } from "../../cluster/memory/api/kind_refs.ts";
import { createAuthority, signRequest } from "../../cluster/memory/api/tls/certificates.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { service } from "./objects.ts";
import * as x509 from "@peculiar/x509";

const START = Date.UTC(2026, 0, 1);

/** The certificate request of a user with a new key, as a CertificateSigningRequest carries it. */
async function requestOf(subject: string): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys,
    signingAlgorithm: algorithm,
  });
  return Buffer.from(request.toString("pem")).toString("base64");
}

async function signing(): Promise<Harness> {
  const authority = await createAuthority("kubernetes", START, 365);
  const certificateAuthority = {
    sign: (request: string, seconds: number, usages: readonly string[]) =>
      signRequest(authority, request, { now: START, seconds, usages }),
  };
  return await startHarness({ options: { certificateAuthority } });
}

Deno.test("an approved request gets its certificate", async () => {
  using harness = await signing();
  const { client } = harness;
  const csr = await client.create(certificateSigningRequests, {
    metadata: { name: "ana" },
    spec: {
      request: await requestOf("CN=ana, O=dev"),
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
      expirationSeconds: 3600,
    },
  });
  await harness.clock.advance(1000);
  assert.equal((await client.get(certificateSigningRequests, undefined, "ana")).status?.certificate, undefined);
  const approved = { type: "Approved", status: "True", reason: "Test", message: "approved" };
  await client.update(certificateSigningRequests, { ...csr, status: { conditions: [approved] } }, "approval");
  // Signing is real work, of the world's time.
  for (let tries = 0; tries < 50; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await harness.clock.advance(100);
  }
  const { status } = await client.get(certificateSigningRequests, undefined, "ana");
  const certificate = new x509.X509Certificate(Buffer.from(status!.certificate!, "base64").toString());
  assert.equal(certificate.subject, "O=dev, CN=ana");
  assert.deepEqual(harness.reports, []);
});

Deno.test("a request that nobody approves goes after a day", async () => {
  using harness = await signing();
  const { client } = harness;
  await client.create(certificateSigningRequests, {
    metadata: { name: "ana" },
    spec: {
      request: await requestOf("CN=ana"),
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
    },
  });
  await harness.clock.advance(23 * 3_600_000);
  assert.equal((await client.list(certificateSigningRequests)).items.length, 1);
  await harness.clock.advance(3 * 3_600_000);
  assert.equal((await client.list(certificateSigningRequests)).items.length, 0);
});

Deno.test("load balancers have an address where somebody gives them one", async () => {
  using harness = await startHarness({ options: { loadBalancer: () => "192.0.2.1" } });
  const { client } = harness;
  await client.create(services, service("web", { type: "LoadBalancer" }));
  await harness.settle();
  const { status, metadata } = await client.get(services, "default", "web");
  assert.deepEqual(status?.loadBalancer?.ingress, [{ ip: "192.0.2.1", ipMode: "VIP" }]);
  assert.deepEqual(metadata.finalizers, ["service.kubernetes.io/load-balancer-cleanup"]);
  await client.delete(services, "default", "web");
  await harness.settle();
  assert.ok(!(await client.list(services)).items.some(({ metadata }) => metadata.name === "web"));
});
