/**
 * One SPDY/3.1 connection, seen from the server: the client opens streams with headers, both sides write to them.
 *
 * There is no flow control: kubectl's library has none, and windows would only stall.
 */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from "node:zlib";
import {
  concat,
  decodeHeaders,
  encodeFrame,
  encodeHeaders,
  type Frame,
  FrameReader,
  type Headers,
} from "./spdy_frame.ts";
import { headerDictionary } from "./spdy_dictionary.ts";

/** Where a connection's bytes come from and go to: a socket, or the messages of a WebSocket. */
export interface ByteChannel {
  write(bytes: Uint8Array): void;
  close(): void;
}

const PROTOCOL_ERROR = 1;

export class SpdyStream {
  /** Told of what the client writes; set before the next turn of the event loop. */
  ondata: (chunk: Uint8Array) => void = () => {};
  /** Told once that the client writes no more. */
  onend: () => void = () => {};
  #ended = false;
  #finished = false;

  constructor(readonly id: number, readonly headers: Headers, readonly send: (frame: Uint8Array) => void) {}

  write(data: Uint8Array): void {
    if (!this.#finished && data.length > 0) this.send(encodeFrame({ type: "data", stream: this.id, fin: false, data }));
  }

  /** Tells the client that no more comes. */
  end(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.send(encodeFrame({ type: "data", stream: this.id, fin: true, data: new Uint8Array(0) }));
  }

  /** The client's side has ended, by itself or with the connection. */
  receivedEnd(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onend();
  }
}

export class SpdyConnection {
  readonly #reader = new FrameReader();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #inflate: Inflate = createInflate({ dictionary: headerDictionary });
  readonly #deflate: Deflate = createDeflate({ dictionary: headerDictionary });
  /** Frames are handled one after the other, because header blocks are decompressed in the background. */
  #pending: Promise<void> = Promise.resolve();
  #closed = false;

  /**
   * @param onstream told of each stream that the client opens
   * @param onclose told once that the connection is over
   */
  constructor(
    readonly channel: ByteChannel,
    readonly onstream: (stream: SpdyStream) => void,
    readonly onclose: () => void = () => {},
  ) {}

  /** Bytes from the client. */
  receive(chunk: Uint8Array): void {
    this.#pending = this.#pending.then(async () => {
      for (const frame of this.#reader.push(chunk)) {
        if (this.#closed) return;
        await this.#handle(frame);
      }
    }).catch(() => this.close());
  }

  /** Ends the connection when what was sent so far is on its way. */
  close(): void {
    if (this.#closed) return;
    this.channel.close();
    this.disconnected();
  }

  /** The client has gone. */
  disconnected(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.receivedEnd();
    this.#streams.clear();
    this.#inflate.close();
    this.#deflate.close();
    this.onclose();
  }

  async #handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case "syn_stream": {
        const headers = decodeHeaders(await through(this.#inflate, frame.block));
        const stream = new SpdyStream(frame.stream, headers, (bytes) => this.#send(bytes));
        this.#streams.set(frame.stream, stream);
        const block = await through(this.#deflate, encodeHeaders({}));
        this.#send(encodeFrame({ type: "syn_reply", stream: frame.stream, fin: false, block }));
        this.onstream(stream);
        if (frame.fin) stream.receivedEnd();
        return;
      }
      case "data": {
        const stream = this.#streams.get(frame.stream);
        if (stream === undefined) {
          this.#send(encodeFrame({ type: "rst_stream", stream: frame.stream, status: PROTOCOL_ERROR }));
          return;
        }
        if (frame.data.length > 0) stream.ondata(frame.data);
        if (frame.fin) stream.receivedEnd();
        return;
      }
      case "rst_stream":
        this.#streams.get(frame.stream)?.receivedEnd();
        this.#streams.delete(frame.stream);
        return;
      case "ping":
        // The client numbers its own pings odd; an even one answers a ping of ours, of which there are none.
        if (frame.id % 2 === 1) this.#send(encodeFrame(frame));
        return;
      case "goaway":
        return this.close();
    }
  }

  #send(bytes: Uint8Array): void {
    if (!this.#closed) this.channel.write(bytes);
  }
}

/** Sends a block through a compressor whose state lasts as long as the connection. */
function through(transform: Inflate | Deflate, block: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    const collect = (part: Uint8Array) => void parts.push(part);
    transform.once("error", reject);
    transform.on("data", collect);
    transform.write(block);
    transform.flush(constants.Z_SYNC_FLUSH, () => {
      transform.off("data", collect);
      transform.off("error", reject);
      resolve(concat(parts));
    });
  });
}
