import assert from "node:assert/strict";
import { completeApi, httpClient } from "../api/testing.ts";
import { startComponents } from "../../cluster/memory/components.ts";

Deno.test("the control plane's parts are well when they run", async () => {
  const complete = await completeApi();
  const components = await startComponents(complete.api, {
    components: ["api", "scheduler"],
    nodes: [],
    controllers: {},
    report: (where, error) => assert.fail(`${where}: ${error}`),
  });
  try {
    const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
    const { body } = await httpClient(complete)("GET", "/api/v1/componentstatuses", { headers });
    const refused = 'Get "https://127.0.0.1:10257/healthz": dial tcp 127.0.0.1:10257: connect: connection refused';
    assert.deepEqual(body.rows.map(({ cells }: { cells: unknown[] }) => cells), [
      ["controller-manager", "Unhealthy", refused, ""],
      ["etcd-0", "Healthy", "ok", ""],
      ["scheduler", "Healthy", "ok", ""],
    ]);
  } finally {
    components.stop();
  }
});
