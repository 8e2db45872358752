/** Every program of ours, with every option and no value for it: it may complain, and never trips. */
import assert from "node:assert/strict";
import { findImage } from "../../../cluster/memory/kubelet/images/registry.ts";
import { OWN_PROGRAMS } from "../../../cluster/memory/kubelet/runtime/programs/run.ts";
import { container, typed } from "./container.ts";

const OPTIONS = [
  [],
  ..."abcdefhiklmnopqrstuvwxyCDEFHIOPRSTUX1".split("").map((letter) => [`-${letter}`]),
  ["--help"],
  ["x"],
  ["x", "y", "z"],
  [""],
  ["-"],
  ["/etc"],
  ["=", "a="],
];

Deno.test("programs: none trips over its arguments", async () => {
  const { image } = findImage("docker.io/library/busybox:1.36")!;
  const reports: string[] = [];
  const tools = { ...image, tools: OWN_PROGRAMS };
  for (const name of OWN_PROGRAMS) {
    let said: unknown;
    const { process, clock } = container("busybox:1.36", ["sleep", "infinity"], {
      image: tools,
      report: (error) => said = error,
    });
    for (const args of OPTIONS) {
      const session = process.exec([name, ...args], { stdout() {}, stderr() {} }, { stdin: typed("a b\n") });
      await clock.advance(10);
      session.signal("SIGKILL");
      if (said !== undefined) {
        reports.push(`${name} ${args.join(" ")}: ${(said as Error).stack?.split("\n").slice(0, 2).join("")}`);
      }
      said = undefined;
    }
    process.signal("SIGKILL");
  }
  assert.deepEqual(reports, []);
});
