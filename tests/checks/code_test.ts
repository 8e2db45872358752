/** Checks that are functions of an exercise's own `checks.ts`. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { check } from "../../checks/check.ts";
import { readShape } from "../../checks/shape.ts";
import { readYaml } from "../../checks/yaml.ts";
import { Problem } from "../../cluster/problem.ts";
import { temporaryFolder } from "../temporary_folder.ts";
import { fakeCluster, pod } from "./fake_cluster.ts";

const SOURCE = `
export async function evenPods({ objects, namespace }) {
  const pods = await objects.list({ apiVersion: "v1", kind: "Pod", namespace });
  return pods.length % 2 === 0 ? [] : [{ subject: "Pod", path: "count", is: pods.length, should: "even" }];
}`;

Deno.test("code: looks at the cluster with a function of checks.ts", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "checks.ts"), SOURCE);
  const read = (code: string) =>
    readShape(
      readYaml(`id: it\ntitle: { en: A title, ko: 제목 }\ncode: ${code}`, join(folder, "exercise.yaml"))[0],
      check,
    ).criterion;
  const cluster = fakeCluster();
  const scope = { objects: cluster.objects, namespace: "shop" };
  assert.deepEqual(await read("evenPods").evaluate(scope), []);
  cluster.put(pod("a", "Running"));
  assert.deepEqual(await read("evenPods").evaluate(scope), [{ subject: "Pod", path: "count", is: 1, should: "even" }]);
  await assert.rejects(read("oddPods").evaluate(scope), Problem);
});
