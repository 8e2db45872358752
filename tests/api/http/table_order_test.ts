import assert from "node:assert/strict";
import { completeApi, httpClient } from "../testing.ts";

Deno.test("the FlowSchema that is matched first stands first in a table, in a list by name", async () => {
  const send = httpClient(await completeApi());
  const path = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";
  for (const [name, matchingPrecedence] of [["c", 7], ["b", 900], ["a", 900]] as const) {
    const spec = { matchingPrecedence, priorityLevelConfiguration: { name: "exempt" } };
    await send("POST", path, { body: { metadata: { name }, spec } });
  }
  const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
  const table = await send("GET", path, { headers });
  const own = (names: string[]) => names.filter((name) => name.length === 1);
  assert.deepEqual(own(table.body.rows.map(({ cells }: { cells: string[] }) => cells[0])), ["c", "a", "b"]);
  const list = await send("GET", path);
  assert.deepEqual(own(list.body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)), [
    "a",
    "b",
    "c",
  ]);
});
