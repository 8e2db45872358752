/** Runs the conformance cases against every cluster there is. */
import { CASES } from "./cases.ts";
import { CLUSTERS, inNamespace } from "./clusters.ts";
import { inside } from "./inside/inside_case.ts";
import { INSIDE_CASES } from "./inside/mod.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

for (const { name, absent, open } of CLUSTERS) {
  if (absent !== undefined) {
    Deno.test({ name: `conformance, ${name} cluster: ${absent}`, ignore: true, fn: () => {} });
    continue;
  }
  Deno.test(`conformance, ${name} cluster`, options, async (t) => {
    const { cluster, access } = await open();
    await using _cluster = cluster;
    for (const [title, body] of Object.entries(CASES)) {
      await t.step({ name: title, ...options, fn: () => inNamespace(cluster, body) });
    }
    for (const { title, run } of INSIDE_CASES) {
      await t.step({
        name: title,
        ...options,
        fn: () => inNamespace(cluster, (surroundings) => run(inside(surroundings, access))),
      });
    }
  });
}
