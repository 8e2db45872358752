/**
 * Archives as `tar` writes and reads them.
 *
 * Source: POSIX, pax, "ustar Interchange Format".
 */

/** Everything in an archive is a whole number of these, in bytes. */
const BLOCK = 512;

/** A file, folder or link in an archive. */
export interface Member {
  readonly name: string;
  readonly kind: "file" | "folder" | "link";
  readonly mode: number;
  readonly uid: number;
  /** Seconds. */
  readonly mtime: number;
  readonly content: Uint8Array;
  readonly target: string;
}

/** An archive's bytes, with the two empty blocks at its end. */
export function packed(members: readonly Member[]): Uint8Array {
  const parts = members.flatMap((one) => [header(one), one.content, new Uint8Array(padding(one.content.length))]);
  return join([...parts, new Uint8Array(2 * BLOCK)]);
}

const padding = (size: number) => (BLOCK - size % BLOCK) % BLOCK;

function header({ name, kind, mode, uid, mtime, content, target }: Member): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  let [prefix, short] = ["", name];
  if (new TextEncoder().encode(name).length > 100) {
    const slash = name.lastIndexOf("/", 155);
    [prefix, short] = [name.slice(0, slash), name.slice(slash + 1)];
  }
  put(0, short);
  put(
    100,
    `${octal(mode, 7)}\0${octal(uid, 7)}\0${octal(0, 7)}\0${octal(content.length, 11)}\0${octal(mtime, 11)}\0        `,
  );
  put(156, kind === "folder" ? "5" : kind === "link" ? "2" : "0");
  put(157, target);
  put(257, "ustar\x0000root");
  put(297, "root");
  put(345, prefix);
  put(148, `${octal(block.reduce((sum, byte) => sum + byte, 0), 6)}\0 `);
  return block;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The members of an archive. A name too long for a header comes before it, as GNU's tar and pax have it. */
export function* membersOf(bytes: Uint8Array): Iterable<Member> {
  const decoder = new TextDecoder();
  let long: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const block = bytes.subarray(at, at + BLOCK);
    const text = (from: number, length: number) =>
      decoder.decode(block.subarray(from, from + length)).replace(/\0[^]*$/, "");
    const octal = (from: number, length: number) => Number.parseInt(text(from, length).trim() || "0", 8);
    const size = octal(124, 12);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + size + padding(size);
    const type = text(156, 1);
    if (type === "L") long = decoder.decode(content).replace(/\0[^]*$/, "");
    else if (type === "x") long = /\d+ path=([^\n]*)\n/.exec(decoder.decode(content))?.[1] ?? long;
    if (type === "L" || type === "x" || type === "g") continue;
    const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
    const name = long ?? (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`);
    long = undefined;
    const kind = type === "5" || name.endsWith("/") ? "folder" : type === "2" ? "link" : "file";
    yield {
      name,
      kind,
      mode: octal(100, 8),
      uid: octal(108, 8),
      mtime: octal(136, 12),
      content: content.slice(),
      target: text(157, 100),
    };
  }
}
