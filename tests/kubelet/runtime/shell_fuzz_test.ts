/** Whatever is typed into a shell, it comes to an end or goes on, fails in its own words, and leaves nothing behind. */
import assert from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";
import { container, typed } from "./container.ts";

const RUNS = Number(process.env.DRYDOCK_FUZZ_RUNS ?? 150);

const PIECES = [
  ..."$x ${x:-a} ${x#*} ${#x} ${x//a/b} ${ } $( ) ` ' \" | & ; && || < > >> 2>&1 <<EOF EOF ( ) { } * ? [ ] [[ ]] ~ (( )) $(( \\ ! # = :"
    .split(" "),
  ..."if then elif else fi while until do done for in case esac function select time".split(" "),
  ..."echo printf cat grep sed awk head tail wc sort tr cut seq yes true false read set export unset local shift eval exec"
    .split(" "),
  ..."trap wait kill exit return break continue cd test ls rm cp mv tar find xargs env sleep timeout sh ps date nc"
    .split(" "),
  ..."-c -n -e -rf 1 0 -1 3 999999999999 a b x=1 x+=2 x=(1 2) f(){ f; } /tmp/f /dev/null /dev/zero /proc/self/status .. @ % ^"
    .split(
      " ",
    ),
  "\n",
  "\0",
  "é",
  "$1",
  "$@",
  "$?",
  "$$",
  "$!",
];
/** Pieces as they come. */
const noise = fc.array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(" ", " ", "", "\n")), { maxLength: 14 })
  .map((parts) => parts.flat().join(""));

const word = fc.constantFrom(
  ..."a b 1 3 -n -c -e -r -l -w5 $x ${x:-b} $(echo c) \"$y z\" 'q r' * /tmp /tmp/f /dev/null /dev/zero $((x+1)) {1..3} ~ \\n %s /a+/ s/a/b/ .a -"
    .split(" "),
);
const program = fc.constantFrom(
  ..."echo printf cat grep sed awk head tail wc sort tr cut seq yes true false read set export unset shift eval trap wait kill"
    .split(" "),
  ..."test ls rm cp mv tar find xargs env sleep timeout sh ps date dd tee base64 gzip du df id expr let : cd mkdir touch diff jq"
    .split(" "),
);
/** Scripts that a shell understands. */
const { list: sense } = fc.letrec<{ list: string; command: string }>((tie) => ({
  list: fc.array(fc.tuple(tie("command"), fc.constantFrom("; ", " | ", " && ", " || ", "\n", " & ")), {
    minLength: 1,
    maxLength: 4,
  }).map((parts) =>
    parts.flatMap(([command, operator], i) => i === parts.length - 1 ? [command] : [command, operator]).join("")
  ),
  command: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(
      program,
      fc.array(word, { maxLength: 4 }),
      fc.constantFrom("", "", " > /tmp/f", " < /tmp/f", " 2>&1", " >> /tmp/g"),
    )
      .map(([name, words, redirect]) => [name, ...words].join(" ") + redirect),
    fc.tuple(word, word).map(([name, value]) => `x=${name} y=${value}`),
    tie("list").map((inner) => `( ${inner}\n)`),
    tie("list").map((inner) => `if ${inner}\nthen ${inner}\nelse ${inner}\nfi`),
    tie("list").map((inner) => `for x in a b $y; do ${inner}\ndone`),
    tie("list").map((inner) => `while ${inner}\ndo sleep 0.1; ${inner}\ndone`),
    tie("list").map((inner) => `f() { ${inner}\n}; f 1 2`),
    tie("list").map((inner) => `case $x in a|b) ${inner}\n;; *) : ;; esac`),
    tie("list").map((inner) => `echo $(${inner}\n)`),
    tie("list").map((inner) => `cat <<E | grep a\n${inner}\nE\ntrue`),
  ),
}));
const script = fc.oneof(noise, sense);

Deno.test("fuzz: a script ends or goes on, and a killed container leaves no process", async () => {
  await fc.assert(
    fc.asyncProperty(script, async (text) => {
      const reports: unknown[] = [];
      const started = container("busybox:1.36", ["sh", "-c", text], {
        memoryLimit: 32 << 20,
        report: (error) => reports.push(error),
      });
      await started.clock.advance(3_000);
      assert.deepEqual(reports, []);
      started.process.signal("SIGKILL");
      await started.clock.advance(1_000);
      assert.ok(started.ended() !== undefined);
      assert.deepEqual(reports, []);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("fuzz: whatever is typed on a terminal, the container goes on", async () => {
  const keys = fc.array(
    fc.oneof(
      fc.constantFrom(...PIECES, "\r", "\x03", "\x04", "\x1b[A", "\x1b", "\x7f", "\x15", "\x17", "\t", "\x1c"),
      fc.string(),
    ),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(keys, async (typing) => {
      const reports: unknown[] = [];
      const { process, clock } = container("busybox:1.36", ["sleep", "infinity"], {
        memoryLimit: 32 << 20,
        report: (error) => reports.push(error),
      });
      let ended = false;
      const session = process.exec(["sh"], { stdout() {}, stderr() {} }, { tty: true, stdin: typed(...typing) });
      session.onExit(() => ended = true);
      await clock.advance(2_000);
      session.signal("SIGKILL");
      await clock.advance(100);
      assert.deepEqual([ended, reports], [true, []]);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("fuzz: bytes come out of a command as they went in, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), async (chunks) => {
      const { exec } = container("busybox:1.36", ["sleep", "infinity"]);
      const { bytes, code } = await exec(["sh", "-c", "cat | tee /tmp/copy"], { stdin: typed(...chunks) });
      const all = chunks.flatMap((chunk) => [...chunk]);
      assert.deepEqual([[...bytes], code], [all, 0]);
      assert.deepEqual([...(await exec(["cat", "/tmp/copy"])).bytes], all);
    }),
    { numRuns: RUNS },
  );
});
