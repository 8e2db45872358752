/** Commands in containers that do not run. */
import assert from "node:assert/strict";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { kubeletConnection } from "../../../cluster/memory/kubelet/server/connection.ts";
import type { Pod } from "../../../cluster/memory/kinds/schema/types.ts";

Deno.test("a container that does not run is not found, in the words of what was asked of it", () => {
  const kubelet = kubeletConnection({ clock: virtualClock(), workerOf: () => undefined });
  const pod = { metadata: { name: "web", namespace: "dev" }, spec: { containers: [] }, status: {} } as Pod;
  assert.throws(() => kubelet.checkContainer(pod, "c", "exec"), /^.*container not found \("c"\)$/);
  assert.throws(() => kubelet.checkContainer(pod, "c", "attach"), /container c not found in pod web_dev$/);
});
