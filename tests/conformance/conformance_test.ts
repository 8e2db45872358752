/** Runs the conformance cases against every cluster there is. */
import { CASES } from "./cases.ts";
import { CLUSTERS, inNamespace } from "./clusters.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

for (const { name, absent, open } of CLUSTERS) {
  if (absent !== undefined) {
    Deno.test({ name: `conformance, ${name} cluster: ${absent}`, ignore: true, fn: () => {} });
    continue;
  }
  Deno.test(`conformance, ${name} cluster`, options, async (t) => {
    await using cluster = await open();
    for (const [title, body] of Object.entries(CASES)) {
      await t.step({ name: title, ...options, fn: () => inNamespace(cluster, body) });
    }
  });
}
