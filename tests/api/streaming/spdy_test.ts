import assert from "node:assert/strict";
import { constants, createDeflate } from "node:zlib";
import fc from "fast-check";
import { spdyPortForward } from "../../../cluster/memory/api/streaming/port_forward.ts";
import { exitStatus, type RemoteCommand } from "../../../cluster/memory/api/streaming/remote_command.ts";
import { headerDictionary } from "../../../cluster/memory/api/streaming/spdy_dictionary.ts";
import {
  concat,
  decodeHeaders,
  encodeFrame,
  encodeHeaders,
  type Frame,
  FrameReader,
  type Headers,
  SpdyError,
} from "../../../cluster/memory/api/streaming/spdy_frame.ts";
import { spdyRemoteCommand } from "../../../cluster/memory/api/streaming/spdy_remote_command.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array) => new TextDecoder().decode(chunk);

/** A client's compressor: one for all headers of a connection. */
function headerBlocks() {
  const deflate = createDeflate({ dictionary: headerDictionary });
  return {
    encode: (headers: Headers) =>
      new Promise<Uint8Array>((resolve) => {
        const parts: Uint8Array[] = [];
        deflate.on("data", (part: Uint8Array) => parts.push(part));
        deflate.write(encodeHeaders(headers));
        deflate.flush(constants.Z_SYNC_FLUSH, () => {
          deflate.removeAllListeners("data");
          resolve(concat(parts));
        });
      }),
    [Symbol.dispose]: () => deflate.close(),
  };
}

/** Collects what the server writes, as frames. */
function channel() {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  let closed!: () => void;
  const over = new Promise<void>((resolve) => closed = resolve);
  return {
    write: (chunk: Uint8Array) => void frames.push(...reader.push(chunk)),
    close: () => closed(),
    over,
    frames,
    textOf: (stream: number) =>
      text(concat(frames.flatMap((f) => f.type === "data" && f.stream === stream ? [f.data] : []))),
  };
}

Deno.test("property: frames survive being cut anywhere", () => {
  const frame = fc.oneof(
    fc.record({
      type: fc.constant("data" as const),
      stream: fc.integer({ min: 1, max: 1000 }),
      fin: fc.boolean(),
      data: fc.uint8Array({ maxLength: 40 }),
    }),
    fc.record({ type: fc.constant("ping" as const), id: fc.integer({ min: 0, max: 9 }) }),
    fc.record({
      type: fc.constant("rst_stream" as const),
      stream: fc.integer({ min: 1, max: 9 }),
      status: fc.integer({ min: 0, max: 9 }),
    }),
  );
  fc.assert(fc.property(fc.array(frame), fc.integer({ min: 1, max: 20 }), (frames, size) => {
    const wire = concat(frames.map(encodeFrame));
    const reader = new FrameReader();
    const read: Frame[] = [];
    for (let i = 0; i < wire.length; i += size) read.push(...reader.push(wire.slice(i, i + size)));
    assert.deepEqual(read.map((f) => JSON.stringify(f)), frames.map((f) => JSON.stringify(f)));
  }));
});

Deno.test("property: bytes that are no SPDY give frames or an SpdyError, never anything else", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (chunk) => {
    try {
      for (const frame of new FrameReader().push(chunk)) assert.ok(frame.type);
    } catch (error) {
      assert.ok(error instanceof SpdyError);
    }
    try {
      decodeHeaders(chunk);
    } catch (error) {
      assert.ok(error instanceof SpdyError);
    }
  }));
});

Deno.test("a remote command over SPDY: streams open, input arrives, the exit code is told", async () => {
  using blocks = headerBlocks();
  const out = channel();
  const options = { stdin: true, stdout: true, stderr: false, tty: false };
  const { connection, ready } = spdyRemoteCommand(out, "v4.channel.k8s.io", options);
  const ids: Record<string, number> = { error: 1, stdin: 3, stdout: 5 };
  for (const [streamtype, stream] of Object.entries(ids)) {
    const block = await blocks.encode({ streamtype });
    connection.receive(encodeFrame({ type: "syn_stream", stream, fin: false, block }));
  }
  const command: RemoteCommand = await ready;
  connection.receive(encodeFrame({ type: "data", stream: ids.stdin, fin: true, data: bytes("hello") }));
  const typed = await new Response(command.stdin).text();
  command.stdout(bytes(typed.toUpperCase()));
  command.finish(exitStatus(3));
  await out.over;
  assert.equal(out.textOf(ids.stdout), "HELLO");
  assert.equal(JSON.parse(out.textOf(ids.error)).details.causes[0].message, "3");
  assert.equal(command.signal.aborted, true);
});

Deno.test("forwarded ports over SPDY: each connection has its own pair of streams", async () => {
  using blocks = headerBlocks();
  const out = channel();
  const served: number[] = [];
  const connection = spdyPortForward(out, async ({ port, input, output, end }) => {
    served.push(port);
    if (port !== 80) return end(`nothing listens on ${port}`);
    output(bytes(`echo ${await new Response(input).text()}`));
    end();
    connection.close();
  });
  const open = async (stream: number, headers: Headers) =>
    connection.receive(encodeFrame({ type: "syn_stream", stream, fin: false, block: await blocks.encode(headers) }));
  await open(1, { streamtype: "error", port: "99", requestid: "0" });
  await open(3, { streamtype: "data", port: "99", requestid: "0" });
  await open(5, { streamtype: "error", port: "80", requestid: "1" });
  await open(7, { streamtype: "data", port: "80", requestid: "1" });
  connection.receive(encodeFrame({ type: "data", stream: 7, fin: true, data: bytes("hi") }));
  await out.over;
  assert.deepEqual(served, [99, 80]);
  assert.equal(out.textOf(1), "nothing listens on 99");
  assert.equal(out.textOf(7), "echo hi");
});
