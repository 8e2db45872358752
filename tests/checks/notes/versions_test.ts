import assert from "node:assert/strict";
import { checkNote } from "../../../checks/notes/check_note.ts";
import { inProcessCluster } from "../../../cluster/in_process.ts";

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function told(text: string, kubernetes?: string): Promise<string[]> {
  await using cluster = await inProcessCluster();
  const settings = { ignore: [], ...kubernetes === undefined ? {} : { kubernetes } };
  const { findings } = await checkNote("note.md", `\`\`\`\n${text}\n\`\`\``, cluster, { settings });
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}

const FLOW_SCHEMA = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: x}";

Deno.test("a change counts from its version on", options, async (t) => {
  const cases: [string, string, string[], string[]][] = [
    ["kubectl drain node01 --delete-local-data", "1.29", [], ["error other-version"]],
    ["kubectl autoscale deploy x --max 3 --cpu-percent=50", "1.33", [], ["warning other-version"]],
    [FLOW_SCHEMA, "1.29", ["warning other-version"], ["error api-version"]],
    ["kubectl run x --image=y --replicas=2", "1.29", ["error other-version"], ["error other-version"]],
    ["kubectl get cs", "1.29", ["warning other-version"], ["warning other-version"]],
    ["etcdctl snapshot restore backup.db", "1.33", [], ["error other-version"]],
    ["kubectl run x --image=y --dry-run=client", "1.29", [], []],
    ["kubectl create deployment x --image=y --replicas=2", "1.29", [], []],
    ["kubectl exec web -- cat node-role.kubernetes.io/master", "1.29", [], []],
    ["kubectl get pods -l node-role.kubernetes.io/master-of-ceremonies", "1.29", [], []],
  ];
  for (const [text, version, then, now] of cases) {
    await t.step(text.split("\n")[0], async () => {
      assert.deepEqual(await told(text, version), then, version);
      assert.deepEqual(await told(text), now, "newest");
    });
  }
});
