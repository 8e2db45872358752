import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { bootstrapTokens } from "../../cluster/memory/api/authn/bootstrap_tokens.ts";
import { ServiceAccountTokens } from "../../cluster/memory/api/authn/service_account_tokens.ts";
import { configMaps, namespaces, secrets, serviceAccounts } from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";

const text = (data: string | undefined) => Buffer.from(data ?? "", "base64").toString();

const tokenSecret = (name: string, account: string) => ({
  metadata: { name, namespace: "default", annotations: { "kubernetes.io/service-account.name": account } },
  type: "kubernetes.io/service-account-token",
});

Deno.test("a Secret for a service account's token gets one, which counts as long as both are there", async () => {
  const { privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  using harness = await startHarness({
    options: { rootCa: "a certificate", secretToken: (request) => tokens.issueForSecret(request) },
  });
  const { client } = harness;
  const tokens = new ServiceAccountTokens(privateKey, harness.clock, harness.api.store);
  const { metadata } = await client.create(serviceAccounts, { metadata: { name: "bot", namespace: "default" } });
  await client.create(secrets, tokenSecret("token", "bot"));
  await harness.settle();
  const secret = await client.get(secrets, "default", "token");
  assert.equal(secret.metadata.annotations?.["kubernetes.io/service-account.uid"], metadata.uid);
  assert.deepEqual([text(secret.data?.["ca.crt"]), text(secret.data?.namespace)], ["a certificate", "default"]);
  const token = text(secret.data?.token);
  const user = await tokens.authenticate(token);
  assert.deepEqual([user?.name, user?.uid], ["system:serviceaccount:default:bot", metadata.uid]);
  // What is taken out is put in again; what is another's is left, and the token counts no more.
  const emptied = await client.update(secrets, { ...secret, data: {} });
  await assert.rejects(async () => await tokens.authenticate(token), { code: 401 });
  await harness.settle();
  const filled = await client.get(secrets, "default", "token");
  assert.ok(filled.metadata.resourceVersion! > emptied.metadata.resourceVersion!);
  assert.equal((await tokens.authenticate(text(filled.data?.token)))?.uid, metadata.uid);
  await client.delete(serviceAccounts, "default", "bot");
  await harness.settle();
  assert.deepEqual((await client.list(secrets, { namespace: "default" })).items, []);
  assert.deepEqual(harness.reports, []);
});

Deno.test("a Secret for the token of nobody goes", async () => {
  using harness = await startHarness();
  await harness.client.create(secrets, tokenSecret("token", "nobody"));
  await harness.settle();
  assert.deepEqual((await harness.client.list(secrets, { namespace: "default" })).items, []);
});

async function withToken(more: Record<string, string> = {}): Promise<Harness> {
  const harness = await startHarness();
  for (const name of ["kube-public", "kube-system"]) {
    await harness.client.create(namespaces, { metadata: { name } }).catch(() => {});
  }
  await harness.client.create(configMaps, {
    metadata: { name: "cluster-info", namespace: "kube-public" },
    data: { kubeconfig: "where it is" },
  });
  await harness.client.create(secrets, {
    metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": "abcdef",
      "token-secret": "0123456789abcdef",
      "usage-bootstrap-authentication": "true",
      "usage-bootstrap-signing": "true",
      "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
      ...more,
    },
  });
  await harness.settle();
  return harness;
}

Deno.test("a bootstrap token stands for a node that joins, until it expires", async () => {
  using harness = await withToken({ expiration: "2026-01-01T01:00:00Z" });
  const { clock, client } = harness;
  const authenticate = bootstrapTokens(harness.api.store, clock);
  assert.deepEqual(authenticate("abcdef.0123456789abcdef"), {
    name: "system:bootstrap:abcdef",
    groups: ["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"],
  });
  for (const other of ["abcdef.0123456789abcdee", "abcdee.0123456789abcdef", "abcdef"]) {
    assert.equal(authenticate(other), undefined);
  }
  await clock.advance(3_600_000);
  assert.equal(authenticate("abcdef.0123456789abcdef"), undefined);
  assert.deepEqual((await client.list(secrets, { namespace: "kube-system" })).items, []);
});

Deno.test("a token that is not for it stands for nobody", async () => {
  const wrongs: Record<string, string>[] = [{ "usage-bootstrap-authentication": "false" }, { "token-id": "abcdee" }];
  for (const wrong of wrongs) {
    using harness = await withToken(wrong);
    assert.equal(bootstrapTokens(harness.api.store, harness.clock)("abcdef.0123456789abcdef"), undefined);
  }
});

Deno.test("what is public of the cluster is signed with each token", async () => {
  using harness = await withToken();
  const { client } = harness;
  const info = async () => (await client.get(configMaps, "kube-public", "cluster-info")).data!;
  const [header, content, signature] = (await info())["jws-kubeconfig-abcdef"].split(".");
  assert.deepEqual(JSON.parse(Buffer.from(header, "base64url").toString()), { alg: "HS256", kid: "abcdef" });
  assert.equal(content, "");
  const signed = `${header}.${Buffer.from("where it is").toString("base64url")}`;
  assert.equal(signature, createHmac("sha256", "0123456789abcdef").update(signed).digest("base64url"));
  await client.delete(secrets, "kube-system", "bootstrap-token-abcdef");
  await harness.settle();
  assert.deepEqual(await info(), { kubeconfig: "where it is" });
});
