import assert from "node:assert/strict";
import fc from "fast-check";
import { type Change, type Storable, Store, StoreError } from "../../cluster/memory/store/store.ts";

interface Thing extends Storable {
  readonly value?: number;
}

const thing = (value = 0): Thing => ({ metadata: {}, value });

const rejects = (reason: StoreError["reason"]) => (error: unknown) =>
  error instanceof StoreError && error.reason === reason;

Deno.test("every write has a revision of its own, over all buckets", () => {
  const store = new Store();
  assert.equal(store.create("a", "x", thing()).revision, 1);
  assert.equal(store.create("b", "x", thing()).revision, 2);
  assert.equal(store.update("a", "x", thing(1)).object.metadata.resourceVersion, "3");
  assert.equal(store.revision, 3);
});

Deno.test("a write on top of another state is refused", () => {
  const store = new Store();
  const { revision } = store.create("a", "x", thing());
  store.update("a", "x", thing(1), revision);
  assert.throws(() => store.update("a", "x", thing(2), revision), rejects("conflict"));
  assert.throws(() => store.delete("a", "x", revision), rejects("conflict"));
  assert.throws(() => store.create("a", "x", thing()), rejects("exists"));
  assert.throws(() => store.update("a", "y", thing()), rejects("missing"));
});

Deno.test("lists are ordered by key, and taken by prefix", () => {
  const store = new Store();
  for (const key of ["b/2", "a/1", "b/1", "ba/1", "c"]) store.create("t", key, thing());
  assert.deepEqual(store.list("t").map(({ key }) => key), ["a/1", "b/1", "b/2", "ba/1", "c"]);
  assert.deepEqual(store.list("t", "b/").map(({ key }) => key), ["b/1", "b/2"]);
});

Deno.test("a list does not change after it was given", () => {
  const store = new Store();
  store.create("t", "a", thing());
  const before = store.list("t");
  store.create("t", "b", thing());
  store.delete("t", "a");
  assert.deepEqual(before.map(({ key }) => key), ["a"]);
  assert.deepEqual(store.list("t").map(({ key }) => key), ["b"]);
});

Deno.test("a watch resumes where it was, or is told that it cannot", () => {
  const store = new Store({ history: 2 });
  for (let i = 0; i < 6; i++) store.create("t", String(i), thing(i));
  const seen: number[] = [];
  store.watch<Thing>("t", ({ entry }) => seen.push(entry.revision), 4).stop();
  assert.deepEqual(seen, [5, 6]);
  assert.throws(() => store.watch("t", () => {}, 1), rejects("expired"));
  assert.throws(() => store.watch("t", () => {}, 7), rejects("future"));
});

Deno.test("what is compacted is forgotten, and nothing else is", () => {
  const store = new Store();
  store.create("quiet", "a", thing());
  for (let i = 0; i < 5; i++) store.create("t", String(i), thing(i));
  store.compact(4);
  const seen: number[] = [];
  const note = ({ entry }: { readonly entry: { readonly revision: number } }) => void seen.push(entry.revision);
  store.watch("t", note, 4).stop();
  assert.deepEqual(seen, [5, 6]);
  assert.throws(() => store.watch("t", () => {}, 3), rejects("expired"));
  assert.throws(() => store.listAt("t", "", 3), rejects("expired"));
  assert.equal(store.list("t").length, 5);
  store.compact(4);
  store.compact(store.revision);
  store.watch("t", note).stop();
  assert.deepEqual(seen, [5, 6]);
});

type Action = readonly [key: number, action: "put" | "drop", value: number];

const actions = fc.array(fc.tuple(fc.nat(5), fc.constantFrom("put" as const, "drop" as const), fc.nat(99)), {
  maxLength: 40,
});

function perform(store: Store, [number, action, value]: Action): void {
  const key = `k${number}`;
  const there = store.get("t", key) !== undefined;
  if (action === "drop") {
    if (there) store.delete("t", key);
  } else if (there) store.update("t", key, thing(value));
  else store.create("t", key, thing(value));
}

const contents = (store: Store) => store.list<Thing>("t").map(({ key, object }) => [key, object.value]);

Deno.test("what is told of changes adds up to what is there", () => {
  fc.assert(fc.property(actions, (actions) => {
    const store = new Store();
    const told = new Map<string, number | undefined>();
    store.watch<Thing>("t", ({ type, entry }: Change<Thing>) => {
      if (type === "DELETED") told.delete(entry.key);
      else told.set(entry.key, entry.object.value);
    });
    for (const action of actions) perform(store, action);
    assert.deepEqual([...told].sort(), contents(store));
  }));
});

Deno.test("a list of an older revision is the list as it was", () => {
  fc.assert(fc.property(actions, (actions) => {
    const store = new Store();
    const known = new Map<number, unknown>();
    for (const action of actions) {
      perform(store, action);
      known.set(store.revision, contents(store));
    }
    for (const [revision, list] of known) {
      const then = store.listAt<Thing>("t", "", revision).map(({ key, object }) => [key, object.value]);
      assert.deepEqual(then, list);
    }
  }));
});
