import assert from "node:assert/strict";
import { pipe } from "../../../cluster/memory/api/streaming/remote_command.ts";
import type { ContainerProcess, HttpRequest } from "../../../cluster/memory/kubelet/runtime/runtime.ts";
import { serveConnection } from "../../../cluster/memory/kubelet/server/forwarded_connection.ts";
import fc from "fast-check";

async function ask(...chunks: readonly (string | Uint8Array)[]) {
  const asked: HttpRequest[] = [];
  const lines: string[] = [];
  const http = (request: HttpRequest) => {
    asked.push(request);
    return Promise.resolve({ status: 200, headers: { server: "test" }, body: `hello ${request.path}` });
  };
  const line = (_: number, text: string) => {
    lines.push(text);
    return `+${text}`;
  };
  const input = pipe<Uint8Array>();
  let answer = "";
  let ends = 0;
  const served = serveConnection({ http, line } as unknown as ContainerProcess, {
    port: 80,
    input: input.readable,
    output: (chunk) => answer += new TextDecoder().decode(chunk),
    end: () => ends++,
  });
  for (const chunk of chunks) input.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
  input.end();
  await served;
  return { answer, asked, lines, ends };
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

Deno.test("a body comes with its request, and what is no request ends the connection", async () => {
  const { asked } = await ask(
    "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nConnection: close\r\n\r\nGET /c",
  );
  assert.deepEqual(asked.map(({ path, method, body }) => [path, method, body]), [["/a", "POST", "abc"], [
    "/b",
    "GET",
    "",
  ]]);
  assert.equal((await ask("x".repeat(100_000))).answer, "");
});

Deno.test("lines are answered as lines, and words sent one by one as one line", async () => {
  const { answer, lines } = await ask("PING\r\n*3\r\n$3\r\nSET\r\n$1\r", "\na\r\n$1\r\n1\r\n");
  assert.deepEqual(lines, ["PING", "SET a 1"]);
  assert.equal(answer, "+PING\r\n+SET a 1\r\n");
});

Deno.test("whatever comes, the connection ends once and the answers do not depend on how it is cut", async () => {
  const piece = fc.oneof(
    fc.constantFrom("GET / HTTP/1.1\r\n", "\r\n", "Content-Length: 4\r\n", "*2\r\n", "$1\r\n", "PING\r\n", "\n", "é"),
    fc.string({ maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat(60), { maxLength: 5 }),
      async (pieces, cuts) => {
        const bytes = new TextEncoder().encode(pieces.join(""));
        const at = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].sort((a, b) =>
          a - b
        );
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        const [whole, cut] = [await ask(bytes), await ask(...chunks)];
        assert.deepEqual([cut.answer, cut.ends], [whole.answer, whole.ends]);
        assert.equal(whole.ends, 1);
      },
    ),
    { numRuns: 200 },
  );
});
