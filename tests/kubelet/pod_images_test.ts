/** What is said of images: those that are pulled, and those that cannot be. */
import assert from "node:assert/strict";
import { life } from "./life.ts";

life("an image that cannot be had", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "ngnix" }] });
  await cluster.advance(4);
  const error =
    'failed to pull and unpack image "docker.io/library/ngnix:latest": failed to resolve image: pull access denied, ' +
    "repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";
  const waiting = async () => (await cluster.pod()).status!.containerStatuses![0].state.waiting;
  assert.deepEqual(await waiting(), { reason: "ErrImagePull", message: error });
  await cluster.advance(16);
  assert.deepEqual(await waiting(), {
    reason: "ImagePullBackOff",
    message: `Back-off pulling image "ngnix": ErrImagePull: ${error}`,
  });
  const events = (await cluster.events()).slice(1).map((event) => event.replace(/ \(x\d+\)$/, ""));
  assert.deepEqual([...new Set(events)], [
    'Normal Pulling: Pulling image "ngnix"',
    `Warning Failed: Failed to pull image "ngnix": ${error}`,
    "Warning Failed: Error: ErrImagePull",
    'Normal BackOff: Back-off pulling image "ngnix"',
    "Warning Failed: Error: ImagePullBackOff",
  ]);
});

life("an image that has to be pulled", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "memcached:1.6" }] });
  assert.equal(await cluster.clock.settle(), true);
  const [, pulling, pulled] = await cluster.events();
  assert.equal(pulling, 'Normal Pulling: Pulling image "memcached:1.6"');
  const text =
    /^Normal Pulled: Successfully pulled image "memcached:1.6" in [\d.]+m?s \([\d.]+m?s including waiting\)\. /;
  assert.match(pulled, text);
  assert.match(pulled, /Image size: 31000000 bytes\.$/);
});

life("a name that is no image's", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "nginx:1.27:2" }] });
  await cluster.advance(3);
  const { waiting } = (await cluster.pod()).status!.containerStatuses![0].state;
  assert.equal(waiting?.reason, "InvalidImageName");
  assert.match(waiting!.message!, /couldn't parse image name "nginx:1\.27:2": invalid reference format$/);
});

life("the image that a node does not have and may not pull", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "python:3.12", imagePullPolicy: "Never" }] });
  await cluster.advance(3);
  const { waiting } = (await cluster.pod()).status!.containerStatuses![0].state;
  const message = 'Container image "python:3.12" is not present with pull policy of Never';
  assert.deepEqual(waiting, { reason: "ErrImageNeverPull", message });
});
