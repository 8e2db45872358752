/** The files by which containers talk to the API. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import { CA } from "../cluster.ts";
import { failedMounts, fileOf, volumes, withVolume } from "./pod_volumes.ts";

const ACCESS = "/var/run/secrets/kubernetes.io/serviceaccount";

const claimsOf = (token: string) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));

volumes("what a container needs to talk to the API is there", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "busybox:1.36", command: ["sleep", "9999"] }] });
  await cluster.clock.settle();
  assert.equal(await fileOf(cluster, `${ACCESS}/namespace`), "default");
  assert.equal(await fileOf(cluster, `${ACCESS}/ca.crt`), CA);
  const token = (await fileOf(cluster, `${ACCESS}/token`))!;
  // It is replaced within the hour, and good for a year.
  const { exp, iat, "kubernetes.io": { warnafter } } = claimsOf(token);
  assert.deepEqual([exp - iat, warnafter - iat], [365 * 24 * 3600, 3607]);
  const user = await cluster.tokens.authenticate(token);
  assert.equal(user?.name, "system:serviceaccount:default:default");
  assert.deepEqual(user?.extra?.["authentication.kubernetes.io/pod-name"], ["p"]);
});

volumes("a token is replaced before it ends", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "busybox:1.36", command: ["sleep", "9999"] }] });
  await cluster.clock.settle();
  const first = await fileOf(cluster, `${ACCESS}/token`);
  await cluster.advance(40 * 60);
  assert.equal(await fileOf(cluster, `${ACCESS}/token`), first);
  await cluster.advance(15 * 60);
  const second = await fileOf(cluster, `${ACCESS}/token`);
  assert.notEqual(second, first);
  assert.notEqual(await cluster.tokens.authenticate(second!), undefined);
});

volumes("a token for somebody else", async (cluster) => {
  const serviceAccountToken = { audience: "vault", expirationSeconds: 600, path: "vault/token" };
  await cluster.run(withVolume({ projected: { sources: [{ serviceAccountToken }] } }));
  await cluster.clock.settle();
  const token = (await fileOf(cluster, "/v/vault/token"))!;
  await assert.rejects(async () => await cluster.tokens.authenticate(token), /Unauthorized/);
  const user = await cluster.tokens.authenticateFor(token, ["vault"]);
  assert.equal(user?.name, "system:serviceaccount:default:default");
  const { exp, iat } = claimsOf(token);
  assert.equal(exp - iat, 600);
});

volumes("a token that the API refuses", async (cluster) => {
  await cluster.client.create(refs.serviceAccounts, { metadata: { name: "robot", namespace: "default" } });
  await cluster.run({
    serviceAccountName: "robot",
    schedulingGates: [{ name: "example.com/wait" }],
    containers: [{ name: "app", image: "nginx" }],
  });
  await cluster.client.delete(refs.serviceAccounts, "default", "robot");
  await cluster.client.patch(refs.pods, "default", "p", { type: "merge", body: { spec: { schedulingGates: [] } } });
  await cluster.advance(3);
  const [message] = await failedMounts(cluster);
  assert.match(message, /^MountVolume\.SetUp failed for volume "kube-api-access-\w{5}" : failed to fetch token: /);
  assert.match(message, /: serviceaccounts "robot" not found$/);
});
