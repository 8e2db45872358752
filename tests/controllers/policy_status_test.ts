import assert from "node:assert/strict";
import { validatingAdmissionPolicies } from "../../cluster/memory/api/kind_refs.ts";
import { startHarness } from "./harness.ts";

Deno.test("a policy's status warns of what the kinds that it is about do not have", async () => {
  using harness = await startHarness({ names: ["validatingadmissionpolicy-status-controller"] });
  const { client, settle, reports } = harness;
  const policy = (name: string, ...expressions: string[]) =>
    client.create(validatingAdmissionPolicies, {
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] },
            { apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE"], resources: ["*"] },
          ],
        },
        validations: expressions.map((expression) => ({ expression })),
      },
    });
  await policy("right", "object.spec.replicas <= 5 && object.metadata.labels['a'] == 'b'", "!has(object.spec.paused)");
  await policy("wrong", "object.spec.replcas <= 3", "object.spec.replicas <= 'x'", "request.name != 'x'");
  await settle();
  const status = async (name: string) => (await client.get(validatingAdmissionPolicies, undefined, name)).status;
  assert.deepEqual(await status("right"), { observedGeneration: 1, typeChecking: {} });
  assert.deepEqual((await status("wrong"))?.typeChecking?.expressionWarnings, [
    {
      fieldRef: "spec.validations[0].expression",
      warning: "apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replcas'\n" +
        " | object.spec.replcas <= 3\n | ...........^\n",
    },
    {
      fieldRef: "spec.validations[1].expression",
      warning: "apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_<=_' applied to " +
        "'(int, string)'\n | object.spec.replicas <= 'x'\n | .....................^\n",
    },
  ]);
  assert.deepEqual(reports, []);
});
