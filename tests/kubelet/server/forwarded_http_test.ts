import assert from "node:assert/strict";
import { pipe } from "../../../cluster/memory/api/streaming/remote_command.ts";
import type { ContainerProcess, HttpRequest } from "../../../cluster/memory/kubelet/runtime/runtime.ts";
import { serveHttp } from "../../../cluster/memory/kubelet/server/forwarded_http.ts";

async function ask(...chunks: string[]) {
  const asked: HttpRequest[] = [];
  const http = (request: HttpRequest) => {
    asked.push(request);
    return { status: 200, headers: { Server: "test" }, body: `hello ${request.path}` };
  };
  const input = pipe<Uint8Array>();
  let answer = "";
  const served = serveHttp({ http } as unknown as ContainerProcess, {
    port: 80,
    input: input.readable,
    output: (chunk) => answer += new TextDecoder().decode(chunk),
    end: () => {},
  });
  for (const chunk of chunks) input.push(new TextEncoder().encode(chunk));
  input.end();
  await served;
  return { answer, asked };
}

Deno.test("requests on one connection are answered in order, however they are cut", async () => {
  const { answer, asked } = await ask("GET /a HTTP/1.1\r\nHo", "st: web\r\n\r\nHEAD /b HTTP/1.1\r\n\r\n");
  assert.equal(
    answer,
    "HTTP/1.1 200 OK\r\nServer: test\r\nContent-Length: 8\r\n\r\nhello /a" +
      "HTTP/1.1 200 OK\r\nServer: test\r\nContent-Length: 8\r\n\r\n",
  );
  assert.deepEqual(asked.map(({ path, host, port }) => [path, host, port]), [["/a", "web", 80], ["/b", undefined, 80]]);
});

Deno.test("a body is read over, and what is no request ends the connection", async () => {
  const { asked } = await ask(
    "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nConnection: close\r\n\r\nGET /c",
  );
  assert.deepEqual(asked.map(({ path }) => path), ["/a", "/b"]);
  assert.equal((await ask("x".repeat(100_000))).answer, "");
});
