import assert from "node:assert/strict";
import { completeApi, httpClient } from "../testing.ts";

const KEY = "container.apparmor.security.beta.kubernetes.io/c";
const said = (
  at: string,
) => [`299 - "${at}[${KEY}]: deprecated since v1.30; use the \\"appArmorProfile\\" field instead"`];

Deno.test("an AppArmor annotation is warned of once, in a pod and in a template", async () => {
  const send = httpClient(await completeApi());
  const metadata = { labels: { app: "web" }, annotations: { [KEY]: "runtime/default" } };
  const pod = { containers: [{ name: "c", image: "web" }] };
  const warnings = async (path: string, body: unknown) => {
    const { status, headers } = await send("POST", path, { body });
    assert.equal(status, 201);
    return headers.Warning;
  };
  const namespace = "namespaces/default";
  assert.deepEqual(
    await warnings(`/api/v1/${namespace}/pods`, { metadata: { name: "web", ...metadata }, spec: pod }),
    said("metadata.annotations"),
  );
  const spec = { selector: { matchLabels: { app: "web" } }, template: { metadata, spec: pod } };
  for (const plural of ["deployments", "replicasets", "daemonsets", "statefulsets"]) {
    assert.deepEqual(
      await warnings(`/apis/apps/v1/${namespace}/${plural}`, { metadata: { name: "web" }, spec }),
      said("spec.template.metadata.annotations"),
      plural,
    );
  }
  const template = { metadata, spec: { ...pod, restartPolicy: "Never" } };
  const job = { metadata: { name: "web" }, spec: { template } };
  assert.deepEqual(
    await warnings(`/apis/batch/v1/${namespace}/jobs`, job),
    said("spec.template.metadata.annotations"),
  );
  assert.deepEqual(
    await warnings(`/apis/batch/v1/${namespace}/cronjobs`, {
      metadata: { name: "web" },
      spec: { schedule: "@daily", jobTemplate: { spec: job.spec } },
    }),
    said("spec.jobTemplate.spec.template.metadata.annotations"),
  );
  assert.deepEqual(
    await warnings(`/api/v1/${namespace}/podtemplates`, { metadata: { name: "web" }, template: spec.template }),
    said("template.metadata.annotations"),
  );
});
