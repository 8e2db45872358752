/** Images as they show themselves: logs, answers, configuration. */
import assert from "node:assert/strict";
import { container } from "./container.ts";

const get = (path: string, port = 80) => ({
  port,
  path,
  headers: { "user-agent": "curl/8" },
  https: false,
  from: "10.244.2.9",
});

Deno.test("nginx: what it writes at its start and for a request", async () => {
  const { clock, process, output } = container("nginx:1.27");
  await clock.advance(10);
  assert.match(output(), /^\/docker-entrypoint\.sh: .*\n/);
  assert.match(output(), /\n2026\/01\/01 00:00:00 \[notice\] 1#1: start worker process \d+\n$/);
  assert.equal((await process.http(get("/nope")))?.status, 404);
  assert.match(
    output(),
    /10\.244\.2\.9 - - \[01\/Jan\/2026:00:00:00 \+0000\] "GET \/nope HTTP\/1\.1" 404 153 "-" "curl\/8" "-"\n$/,
  );
});

Deno.test("nginx: its configuration counts, and a wrong one ends it", async () => {
  const mounted = (text: string) => ({
    mounts: [{
      name: "c",
      path: "/etc/nginx/conf.d",
      readOnly: true,
      volume: { files: new Map([["default.conf", text]]) },
    }],
  });
  const good = container(
    "nginx:1.27",
    undefined,
    mounted('server { listen 8080; location /x { return 200 "it is $uri"; } }'),
  );
  await good.clock.advance(10);
  assert.deepEqual([good.process.listens(80), good.process.listens(8080)], [false, true]);
  assert.equal((await good.process.http(get("/x", 8080)))?.body, "it is /x");
  const bad = container("nginx:1.27", undefined, mounted("server { listen 80 }"));
  await bad.clock.advance(10);
  assert.match(bad.output(), /nginx: \[emerg\] unexpected "}" in \/etc\/nginx\/conf\.d\/default\.conf:1\n$/);
  assert.equal(bad.ended()?.code, 1);
});

Deno.test("redis: its clients are answered", async () => {
  const { clock, process, output } = container("redis:7");
  await clock.advance(10);
  assert.match(output(), /Ready to accept connections tcp\n$/);
  assert.deepEqual([process.line?.(6379, "SET a 1"), process.line?.(6379, "INCR a")], ["+OK", ":2"]);
});
