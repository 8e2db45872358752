/** A few of the scenarios recorded on a real cluster: all that they leave behind must be as it was there. */
import assert from "node:assert/strict";
import recorded from "./scenarios.json" with { type: "json" };
import { replay, type Scenario } from "./replay.ts";
import { score } from "./score.ts";
import { virtualCluster } from "./virtual_cluster.ts";

for (const scenario of recorded.scenarios as unknown as readonly Scenario[]) {
  Deno.test(`as recorded: ${scenario.id}`, async () => {
    using cluster = await virtualCluster();
    const { differences, missingEvents, extraEvents, whole } = score(
      scenario,
      await replay(cluster, scenario, "b1xaaa"),
    );
    assert.deepEqual({ differences, missingEvents, extraEvents }, {
      differences: [],
      missingEvents: [],
      extraEvents: [],
    });
    assert.ok(whole);
  });
}

Deno.test("a score counts what differs, what is missing and what is too much", () => {
  const pod = (name: string, phase: string) => ({ kind: "Pod", metadata: { name }, status: { phase } });
  const want = { objects: [pod("a", "Running"), pod("b", "Failed")], events: ["one", "two"] };
  const got = { objects: [pod("a", "Running"), pod("b", "Running"), pod("c", "Running")], events: ["two", "three"] };
  assert.deepEqual(score(want, got), {
    objects: 3,
    sameObjects: 1,
    events: 3,
    sameEvents: 1,
    whole: false,
    differences: [{ path: "Pod/b.status.phase", want: "Failed", got: "Running" }],
    missingEvents: ["one"],
    extraEvents: ["three"],
  });
});
