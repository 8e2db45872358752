/** The house's rules, walked over its modules: imports point downwards, time is injected, files are small. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROOMS = ["cli", "checks", "exercises", "cluster"];

interface Module {
  /** From the root, with slashes: "checks/run.ts". */
  readonly path: string;
  readonly text: string;
  /** Modules of this project that it imports, types and lazy imports included. */
  readonly imports: readonly string[];
}

const posix = (path: string) => path.replaceAll("\\", "/");

async function modulesOf(room: string): Promise<readonly Module[]> {
  const names = await readdir(join(ROOT, room), { recursive: true });
  return await Promise.all(
    names.filter((name) => name.endsWith(".ts")).map(async (name) => {
      const path = join(ROOT, room, name);
      const text = await readFile(path, "utf8");
      const specifiers = [...code(text).matchAll(/\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map((match) =>
        match[1]
      );
      const imports = specifiers.map((specifier) => posix(relative(ROOT, resolve(dirname(path), specifier))));
      return { path: posix(relative(ROOT, path)), text, imports };
    }),
  );
}

/** Without comments, whose examples import too. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const modules = (await Promise.all(ROOMS.map(modulesOf))).flat();

/** The floors of the house, from the top. A room may import from its own floor's room and from floors below. */
const FLOORS: readonly (readonly string[])[] = [
  ["cli"],
  ["exercises"],
  ["checks"],
  ["cluster"],
  ["cluster/memory"],
  ["cluster/memory/bootstrap"],
  // As upstream, the kubelet admits pods and the controllers choose nodes with the scheduler's own functions.
  ["cluster/memory/controllers", "cluster/memory/kubelet"],
  ["cluster/memory/scheduler"],
  ["cluster/memory/network"],
  ["cluster/memory/api"],
  ["cluster/memory/kinds"],
  ["cluster/memory/store"],
  ["cluster/memory/clock.ts"],
];

/** The innermost room that a module is in. */
function roomOf(path: string): string {
  const rooms = FLOORS.flat().filter((room) => path === room || path.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0];
}

const floorOf = (path: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

Deno.test("every module is in a room", () => {
  assert.ok(modules.length > 50);
  assert.deepEqual(modules.map(({ path }) => path).filter((path) => floorOf(path) < 0), []);
});

Deno.test("imports point downwards only", () => {
  const back = modules.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => imported.endsWith(".ts") && imported !== "mod.ts")
      .filter((imported) => roomOf(imported) !== roomOf(path) && floorOf(imported) <= floorOf(path))
      .map((imported) => `${path} → ${imported}`)
  );
  assert.deepEqual(back, []);
});

Deno.test("the module graph has no cycle, but for neighbours that call each other", () => {
  const graph = new Map(modules.map(({ path, text }) => [path, runtimeImports(path, text)]));
  const state = new Map<string, "open" | "done">();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      const cycle = trail.slice(trail.indexOf(path));
      if (new Set(cycle.map(dirname)).size > 1) cycles.push([...cycle, path].join(" → "));
      return;
    }
    state.set(path, "open");
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  assert.deepEqual(cycles, []);
});

/** What is imported when a module is loaded: neither types nor lazy imports. */
function runtimeImports(path: string, text: string): readonly string[] {
  return [...code(text).matchAll(/^(?:import|export)\s+(?!type\b)([^;"']*?)\s*from\s*"(\.{1,2}\/[^"]+)"/gm)]
    .filter(([, names]) => !/^\{\s*(type\s+\w+(\s+as\s+\w+)?\s*,?\s*)+\}$/.test(names))
    .map(([, , specifier]) => posix(relative(ROOT, resolve(dirname(join(ROOT, path)), specifier))));
}

Deno.test("what stands above the seam knows no memory cluster", () => {
  // Pure functions of Kubernetes' own notions may be shared; a server, a store or a clock may not.
  const shared = /^cluster\/memory\/kinds\//;
  const peeks = modules
    .filter(({ path }) => /^(cli|checks|exercises)\//.test(path))
    .flatMap(({ path, imports }) =>
      imports.filter((imported) => imported.startsWith("cluster/memory/") && !shared.test(imported))
        .map((imported) => `${path} → ${imported}`)
    );
  assert.deepEqual(peeks, []);
});

Deno.test("inside the memory cluster nothing but the clock reads the time, sets a timer or draws a number", () => {
  // How long an answer took the machine, for the metrics, is not the cluster's time.
  const chance = /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(/;
  const guilty = modules
    .filter(({ path }) => path.startsWith("cluster/memory/") && path !== "cluster/memory/clock.ts")
    .filter(({ text }) => chance.test(code(text)))
    .map(({ path }) => path);
  assert.deepEqual(guilty, []);
});

Deno.test("only one module listens to signals, and one knows the state folder", () => {
  const only = (pattern: RegExp, owner: string) =>
    assert.deepEqual(modules.filter(({ text }) => pattern.test(code(text))).map(({ path }) => path), [owner]);
  only(/process\.on\(|addSignalListener/, "cli/signals.ts");
  only(/XDG_STATE_HOME/, "cli/paths.ts");
});

Deno.test("files are small", () => {
  const large = modules
    .filter(({ path }) => !path.startsWith("cluster/memory/kinds/schema/"))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length }))
    .filter(({ lines }) => lines > 500)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  assert.deepEqual(large, []);
});

Deno.test("nothing is left for later, and nothing names the place where it was written", () => {
  const unfinished = modules.filter(({ text }) => /\b(TODO|FIXME|XXX)\b|\/work\/|\/tmp\/k8s/.test(text)).map((
    { path },
  ) => path);
  assert.deepEqual(unfinished, []);
});
