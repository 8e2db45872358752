/** What programs say of failures, as images with GNU's programs and those with busybox's do. */
import assert from "node:assert/strict";
import { container } from "./container.ts";

const SAID = [
  ["cat /nope", "cat: /nope: No such file or directory\n", "cat: can't open '/nope': No such file or directory\n"],
  ["ls /nope", "ls: cannot access '/nope': No such file or directory\n", "ls: /nope: No such file or directory\n"],
  [
    "tail /nope",
    "tail: cannot open '/nope' for reading: No such file or directory\n",
    "tail: can't open '/nope': No such file or directory\n",
  ],
  ["nonsense", "sh: 1: nonsense: not found\n", "sh: nonsense: not found\n"],
  [
    "tar cf /tmp/x.tar /etc/hostname",
    "tar: Removing leading `/' from member names\n",
    "tar: removing leading '/' from member names\n",
  ],
] as const;

for (const [script, gnu, busybox] of SAID) {
  Deno.test(`dialect: ${script}`, async () => {
    for (const [image, text] of [["nginx:1.27", gnu], ["nginx:1.27-alpine", busybox], ["busybox:1.36", busybox]]) {
      const { process, clock } = container(image, ["sh", "-c", "sleep 1000"]);
      await clock.advance(10);
      let said = "";
      process.exec(["sh", "-c", script], { stdout() {}, stderr: (chunk) => void (said += chunk) });
      await clock.advance(1000);
      assert.equal(said, text, image);
    }
  });
}
