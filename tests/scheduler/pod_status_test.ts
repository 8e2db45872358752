import assert from "node:assert/strict";
import { pods } from "../../cluster/memory/api/kind_refs.ts";
import { patchPodStatus } from "../../cluster/memory/scheduler/pod_status.ts";
import { startHarness } from "../controllers/harness.ts";
import { pod } from "../controllers/objects.ts";

Deno.test("a new condition comes after those that a pod has, a changed one stays where it is", async () => {
  using harness = await startHarness({ names: ["serviceaccount-controller"], runPods: false });
  const { client } = harness;
  await client.create(pods, pod("web"));
  const say = async (type: string, reason: string) => {
    const condition = { type, status: "True", reason };
    await patchPodStatus(harness, await client.get(pods, "default", "web"), { condition });
    const { status } = await client.get(pods, "default", "web");
    return status.conditions?.map(({ type, reason }) => `${type} ${reason}`);
  };
  await say("Ready", "a");
  await say("PodScheduled", "b");
  assert.deepEqual(await say("DisruptionTarget", "c"), ["Ready a", "PodScheduled b", "DisruptionTarget c"]);
  assert.deepEqual(await say("Ready", "d"), ["Ready d", "PodScheduled b", "DisruptionTarget c"]);
});
