/** Images that somebody adds: they are had, run and answer as they are described. */
import assert from "node:assert/strict";
import { registryWith } from "../../../cluster/memory/kubelet/images/registry.ts";
import type { AddedImage } from "../../../cluster/memory/kubelet/images/added.ts";
import { container } from "../runtime/container.ts";

const WEB: AddedImage = {
  image: "study/web",
  tags: ["1.0"],
  env: { MODE: "dev" },
  files: { "/app/a.txt": "from a file\n" },
  entrypoint: ["/app/server"],
  programs: {
    "/app/server": {
      needs: ["DB_HOST"],
      log: ["mode ${MODE}, database ${DB_HOST}"],
      every: { seconds: 10, log: ["tick"] },
      listens: [{
        port: 8080,
        folder: "/app",
        answers: [
          { path: "/", body: "hello from ${HOSTNAME}\n", headers: { "x-mode": "1" } },
          { path: "/healthz", status: 503, until: 5 },
          { path: "/healthz", body: "ok" },
          { path: "/api/*", body: "${METHOD} ${PATH}" },
        ],
        log: "${CLIENT} ${METHOD} ${PATH} ${STATUS}",
      }],
    },
    crasher: { exits: { after: 3, code: 4 }, log: ["about to fail"] },
    eater: { memoryMB: 100 },
  },
};
const registry = registryWith({ images: [WEB], plain: ["mycompany/app", "example.com/*"] });
const image = registry.find("docker.io/study/web:1.0")!.image;

Deno.test("added images: names, tags and what cannot be had", () => {
  const had = (name: string) => registry.find(name) !== undefined;
  assert.deepEqual(
    [
      "docker.io/study/web:1.0",
      "docker.io/study/web:2.0",
      "docker.io/mycompany/app:anything",
      "example.com/team/app:v1",
      "example.org/team/app:v1",
      "docker.io/library/nginx:1.27",
    ].map(had),
    [true, false, true, true, false, true],
  );
  assert.match(registry.pullError("docker.io/study/web:2.0"), /docker.io\/study\/web:2.0: not found$/);
});

Deno.test("added images: a program says, answers and serves what it is told to", async () => {
  const { clock, process, output } = container("busybox:1.36", undefined, {
    image,
    env: { MODE: "dev", DB_HOST: "db" },
  });
  const get = async (path: string) => {
    const answer = await process.http({ port: 8080, path, headers: {}, https: false, from: "10.0.0.9" });
    return `${answer?.status} ${answer?.body}`;
  };
  await clock.advance(100);
  assert.equal(output(), "mode dev, database db\n");
  assert.equal(await get("/"), "200 hello from p\n");
  assert.equal(await get("/healthz"), "503 ");
  assert.equal(await get("/api/x?y=1"), "200 GET /api/x?y=1");
  assert.equal(await get("/a.txt"), "200 from a file\n");
  assert.equal(await get("/none"), "404 ");
  await clock.advance(10_000);
  assert.equal(await get("/healthz"), "200 ok");
  assert.match(output(), /10\.0\.0\.9 GET \/ 200\n[^]*tick\n/);
});

Deno.test("added images: a program fails without what it needs, ends by itself, and uses memory", async () => {
  const run = async (command: string, memoryLimit?: number) => {
    const started = container("busybox:1.36", [command], { image, env: {}, memoryLimit });
    await started.clock.settle();
    return started;
  };
  const poor = await run("/app/server");
  assert.deepEqual([poor.output(), poor.ended()?.code], [
    "/app/server: the environment variable DB_HOST is not set\n",
    1,
  ]);
  const crashed = await run("crasher");
  assert.deepEqual([crashed.output(), crashed.ended()?.code], ["about to fail\n", 4]);
  assert.deepEqual((await run("eater", 50 << 20)).ended(), { code: 137, outOfMemory: true });
  assert.equal((await run("eater")).process.usage().memory > 100 << 20, true);
});
