import assert from "node:assert/strict";
import { completeApi, httpClient } from "../testing.ts";

const SETS = "/apis/apps/v1/namespaces/default/daemonsets";
const COUNT = "deprecated.daemonset.template.generation";

Deno.test("a DaemonSet's row has no count of its templates, the object has", async () => {
  const send = httpClient(await completeApi());
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "c", image: "web" }] },
  };
  const spec = { selector: { matchLabels: { app: "web" } }, template };
  for (const [name, annotations] of [["bare", undefined], ["noted", { owner: "me" }]] as const) {
    await send("POST", SETS, { body: { metadata: { name, annotations }, spec } });
  }
  const rows = async (include: string) => {
    const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
    const { body } = await send("GET", `${SETS}?includeObject=${include}`, { headers });
    return body.rows.map(({ object }: { object: { metadata: { annotations?: unknown } } }) =>
      object.metadata.annotations
    );
  };
  assert.deepEqual(await rows("Metadata"), [undefined, { owner: "me" }]);
  assert.deepEqual(await rows("Object"), [{ [COUNT]: "1" }, { [COUNT]: "1", owner: "me" }]);
});
