import assert from "node:assert/strict";
import { flowSchemas, priorityLevelConfigurations } from "../../cluster/memory/api/kind_refs.ts";
import { startHarness } from "./harness.ts";

Deno.test("a flow schema says whether its priority level exists", async () => {
  using harness = await startHarness({ names: ["priority-and-fairness-config-controller"] });
  const { client, settle, reports } = harness;
  await settle();
  const dangling = async (name: string) => {
    const { status } = await client.get(flowSchemas, undefined, name);
    const found = status?.conditions?.find(({ type }) => type === "Dangling");
    return `${found?.status} ${found?.reason}: ${found?.message}`;
  };
  const about = 'This FlowSchema references the PriorityLevelConfiguration object named "extra"';
  const { items } = await client.list(flowSchemas);
  assert.ok(items.length > 10);
  for (const { status } of items) assert.equal(status?.conditions?.[0].status, "False");

  const spec = { priorityLevelConfiguration: { name: "extra" } };
  await client.create(flowSchemas, { metadata: { name: "mine" }, spec });
  await settle();
  assert.equal(await dangling("mine"), `True NotFound: ${about} but there is no such object`);
  await client.create(priorityLevelConfigurations, {
    metadata: { name: "extra" },
    spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
  });
  await settle();
  assert.equal(await dangling("mine"), `False Found: ${about} and it exists`);
  await client.delete(priorityLevelConfigurations, undefined, "extra");
  await settle();
  assert.equal(await dangling("mine"), `True NotFound: ${about} but there is no such object`);
  assert.deepEqual(reports, []);
});
