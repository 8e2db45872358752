import assert from "node:assert/strict";
import type { ClusterRecord } from "../../cluster/background/record.ts";
import { chooseCluster, type Situation } from "../../cluster/choose.ts";
import { Problem } from "../../cluster/problem.ts";

const KIND = { name: "kind-study", server: "https://10.0.0.4:6443" };
const PRODUCTION = { name: "production", server: "https://k8s.example.com" };
const record = (name: string, context: string) => ({ name, context }) as ClusterRecord;
const MEMORY = record("drydock", "drydock");
const OTHER = record("exam", "drydock-exam");

const choose = (more: Partial<Situation>) =>
  chooseCluster({ changes: true, running: [], contexts: [KIND, PRODUCTION], ...more });

Deno.test("the one asked for comes first", () => {
  const choice = choose({ asked: "kind-study", running: [MEMORY] });
  assert.deepEqual(choice, { kind: "context", context: KIND, because: "asked" });
  assert.deepEqual(choose({ asked: "drydock-exam", running: [MEMORY, OTHER] }), {
    kind: "memory",
    record: OTHER,
    because: "asked",
  });
  assert.deepEqual(choose({ asked: "drydock" }), { kind: "new-memory", because: "asked" });
});

Deno.test("then the running memory cluster, the one without a name before others", () => {
  assert.deepEqual(choose({ running: [OTHER, MEMORY], current: "kind-study" }), {
    kind: "memory",
    record: MEMORY,
    because: "running",
  });
  assert.deepEqual(choose({ running: [OTHER] }), { kind: "memory", record: OTHER, because: "running" });
});

Deno.test("then the current context, if it is local", () => {
  assert.deepEqual(choose({ current: "kind-study" }), { kind: "context", context: KIND, because: "current" });
});

Deno.test("else a memory cluster is started", () => {
  assert.deepEqual(choose({ current: "production" }), { kind: "new-memory", because: "nothing-else" });
  assert.deepEqual(choose({ contexts: [] }), { kind: "new-memory", because: "nothing-else" });
});

Deno.test("a context that does not look local is changed only when it is allowed by name", () => {
  assert.throws(() => choose({ asked: "production" }), (error) => {
    assert.ok(error instanceof Problem);
    assert.equal(error.kind, "usage");
    assert.match(error.text.en, /does not look local/);
    assert.match(error.hint!.en, /--allow-context production/);
    return true;
  });
  assert.throws(() => choose({ asked: "production", allowed: "kind-study" }), Problem);
  assert.equal(choose({ asked: "production", allowed: "production" }).kind, "context");
  assert.equal(choose({ current: "production", allowed: "production" }).kind, "context");
  assert.equal(choose({ asked: "production", changes: false }).kind, "context");
});

Deno.test("a context that does not exist is refused with those that do", () => {
  assert.throws(
    () => choose({ asked: "kind-stdy", running: [MEMORY] }),
    /There is no context kind-stdy. Known are: drydock, kind-study, production/,
  );
});
