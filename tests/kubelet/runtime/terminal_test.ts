/** A terminal as somebody who types sees it. */
import assert from "node:assert/strict";
import { decodeText, encodeText } from "../../../cluster/memory/kubelet/runtime/streams.ts";
import { Terminal } from "../../../cluster/memory/kubelet/runtime/terminal.ts";
import { container, typed } from "./container.ts";

/** The lines that a process reads, and what the screen's last line looks like. */
async function typing(...keys: readonly string[]) {
  let screen = "";
  const terminal = new Terminal({ show: (bytes) => screen += bytes, signal: () => {} });
  terminal.complete = (line) => line.endsWith("he") ? "llo " : "";
  for (const key of keys) terminal.type(encodeText(key));
  terminal.input.end();
  let lines = "";
  for (let part = await terminal.input.read(); part !== undefined; part = await terminal.input.read()) lines += part;
  return { lines: decodeText(lines), screen: shown(decodeText(screen)) };
}

/** What stands on the last line after all moves of the cursor. */
function shown(text: string): string {
  const cells: string[] = [];
  let at = 0;
  for (const character of text.slice(text.lastIndexOf("\n") + 1)) {
    if (character === "\b") at--;
    else cells[at++] = character;
  }
  return cells.join("").trimEnd();
}

const [LEFT, RIGHT, UP, HOME, END, DELETE] = ["\x1b[D", "\x1b[C", "\x1b[A", "\x1b[H", "\x1b[F", "\x1b[3~"];

Deno.test("terminal: a line is edited where the cursor stands", async () => {
  for (
    const [keys, line] of [
      [["abd", LEFT, "c"], "abcd"],
      [["abc", HOME, "x", END, "y"], "xabcy"],
      [["abc", LEFT, LEFT, "\x7f"], "bc"],
      [["abc", HOME, DELETE, RIGHT, "x"], "bxc"],
      [["한글", LEFT, "x", "\x7f", "\x7f"], "글"],
      [["one two", "\x17", "three"], "one three"],
      [["one two", LEFT, LEFT, LEFT, "\x15"], "two"],
      [["one two", HOME, "\x0b", "x"], "x"],
      [["he\t"], "hello"],
    ] as const
  ) {
    assert.equal((await typing(...keys)).screen, line);
    assert.equal((await typing(...keys, "\r")).lines.trimEnd(), line);
  }
});

Deno.test("terminal: lines come back, and an end comes in its order", async () => {
  assert.equal((await typing("first\r", "second\r", UP, UP, "!\r")).lines, "first\nsecond\nfirst!\n");
  const { exec } = container("busybox:1.36", ["sleep", "infinity"]);
  const { text } = await exec(["sh"], {
    tty: true,
    stdin: typed("cat > /f\r", "a line\r", "\x04", "cat /f\r", "exit\r"),
  });
  assert.match(text, /# a line\r\n\/ # $/);
});

Deno.test("terminal: Tab completes programs and paths", async () => {
  const { process, clock } = container("busybox:1.36", ["sleep", "infinity"]);
  let send!: (keys: string) => void;
  const stdin = new ReadableStream<Uint8Array>({
    start: (controller) => void (send = (keys) => controller.enqueue(new TextEncoder().encode(keys))),
  });
  let text = "";
  const write = (more: string) => void (text += more);
  process.exec(["sh"], { stdout: write, stderr: write }, { tty: true, stdin });
  for (const keys of ["mkdir /etc/app\r", "cd /et\t", "ap\t\r", "pwd\r", "whoa\t\r", "top\r", "q", "echo done\r"]) {
    await clock.advance(100);
    send(keys);
  }
  await clock.advance(6_000);
  assert.match(text, /# cd \/etc\/app\/\r\n\/etc\/app # pwd\r\n\/etc\/app\r\n\/etc\/app # whoami \r\nroot\r\n/);
  assert.match(text, /\/etc\/app # echo done\r\ndone\r\n/);
});
