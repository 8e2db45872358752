/** Pipes whose ends run at the same time: what comes is passed on, and who has enough ends the others. */
import assert from "node:assert/strict";
import { filtersLines } from "../../../cluster/memory/kubelet/runtime/programs/line_filters.ts";
import { container } from "./container.ts";

Deno.test("pipes: what a file gets is filtered as it comes", async () => {
  const { clock, output, exec } = container("busybox:1.36", [
    "sh",
    "-c",
    "touch /log; tail -f /log | grep --line-buffered error | sed -u 's/error/ERROR/' | awk '{print $2}' | tr a-z A-Z",
  ]);
  await clock.advance(1_000);
  for (const [line, expected] of [["an ok x", ""], ["an error y", "ERROR\n"], ["one error z", "ERROR\nERROR\n"]]) {
    await exec(["sh", "-c", `echo ${line} >> /log`]);
    await clock.advance(2_500);
    assert.equal(output(), expected);
  }
});

Deno.test("pipes: who has enough ends who never would", async () => {
  const { exec } = container("busybox:1.36", ["sleep", "infinity"]);
  const run = async (script: string) => (await exec(["sh", "-c", `${script}; echo $?`])).text;
  assert.equal(await run("yes | head -n 2"), "y\ny\n0\n");
  assert.equal(await run("yes | sed s/y/n/ | head -n 1"), "n\n0\n");
  assert.equal(await run("yes | grep -q y"), "0\n");
  assert.equal(await run("cat /dev/urandom | tr -dc a-z | head -c 8 | wc -c"), "8\n0\n");
  assert.equal(await run("for i in 1 2 3 4 5; do echo x; sleep 1; done | head -n 3 | tr x y"), "y\ny\ny\n0\n");
});

Deno.test("pipes: calls that look at more than a line wait for all of it", async () => {
  const { exec } = container("busybox:1.36", ["sleep", "infinity"]);
  const run = async (script: string) =>
    (await exec(["sh", "-c", `(echo a; sleep 1; echo b; sleep 1; echo a) | ${script}`])).text;
  for (
    const [script, expected] of [
      ["grep -c a", "2\n"],
      ["grep -n a", "1:a\n3:a\n"],
      ["sed -n 2p", "b\n"],
      ["sed '$d'", "a\nb\n"],
      ["awk '{n++} END {print n}'", "3\n"],
      ["awk '{print NR, $1}'", "1 a\n2 b\n3 a\n"],
      ["sort -u", "a\nb\n"],
      ["grep z; echo $?", "1\n"],
      ["grep b; echo $?", "b\n0\n"],
      ["cut -c1", "a\nb\na\n"],
    ]
  ) assert.equal(await run(script), expected, script);
});

Deno.test("pipes: which calls look at each line by itself", () => {
  const split = (text: string): [string, string[]] => {
    const [name, ...args] = text.split(" ");
    return [name, args];
  };
  for (const call of ["grep a", "grep -iv a", "grep -E a|b", "sed s/a/b/g", "sed -n /x/p", "awk {print}", "tr a b"]) {
    assert.equal(filtersLines(...split(call)), true, call);
  }
  for (
    const call of [
      "grep -A1 a",
      "sed 1d",
      "sed $d",
      "sed N;s/a/b/",
      "awk END{print}",
      "tr -s a",
      "sort",
      "wc -l",
      "uniq",
    ]
  ) {
    assert.equal(filtersLines(...split(call)), false, call);
  }
});
