/**
 * Generates the facts about Go's types that a pod template's hash and a pod's immutability message depend on.
 *
 * Both are made from Go structs as they are in memory: fields in their order, embedded structs, named types, pointers.
 * Reads the sources of Kubernetes v1.36 and writes `cluster/memory/kinds/schema/go_types.json`:
 * `{"v1": {"PodSpec": [["Volumes", "[]v1.Volume", "volumes"], …]}, "core": {…}}`; an embedded field has no JSON name.
 *
 *     deno run --allow-read --allow-write scripts/generate_go_types.ts FOLDER-OF-KUBERNETES
 */
const folder = Deno.args[0];
if (folder === undefined) {
  console.error("usage: generate_go_types.ts FOLDER-OF-KUBERNETES");
  Deno.exit(2);
}

type Field = [name: string, type: string, json?: string];
interface Package {
  readonly structs: Map<string, Field[]>;
  /** `type Protocol string` */
  readonly named: Map<string, string>;
}

/** The structs and named types of a Go file; `alias` is the name that Go prints for its package. */
async function read(path: string, alias: string): Promise<Package> {
  const structs = new Map<string, Field[]>();
  const named = new Map<string, string>();
  let current: Field[] | undefined;
  for (const line of (await Deno.readTextFile(`${folder}/${path}`)).split("\n")) {
    const text = line.replace(/\s\/\/.*$/, "").trim();
    const start = /^type (\w+) struct \{$/.exec(text);
    const alone = /^type (\w+) ([\w.\[\]*]+)$/.exec(text);
    if (start) structs.set(start[1], current = []);
    else if (alone) named.set(alone[1], qualified(alone[2], alias));
    else if (text === "}") current = undefined;
    else if (current !== undefined && text !== "" && !text.startsWith("//")) {
      const field = /^(\w+)\s+([^\s`]+)(?:\s+`([^`]*)`)?/.exec(text);
      const embedded = /^([\w.]+)(?:\s+`([^`]*)`)?$/.exec(text);
      const jsonName = (tags = "") => /json:"([^",]*)/.exec(tags)?.[1];
      // An embedded struct that has a JSON name is a field like any other, as ObjectMeta is.
      if (field) current.push([field[1], qualified(field[2], alias), jsonName(field[3]) ?? field[1]]);
      else if (embedded) {
        const type = qualified(embedded[1], alias);
        const json = jsonName(embedded[2]);
        const name = type.split(".").pop()!;
        current.push(json ? [name, type, json] : [name, type]);
      }
    }
  }
  return { structs, named };
}

const BASIC = new Set(["string", "bool", "int32", "int64", "int", "float64", "byte", "uint8"]);

/** "[]Volume" → "[]v1.Volume" */
function qualified(type: string, alias: string): string {
  const [, prefix, rest] = /^((?:\[\]|\*|map\[[^\]]+\])*)(.*)$/.exec(type)!;
  const keys = prefix.replace(/map\[([^\]]+)\]/g, (_, key) => `map[${qualified(key, alias)}]`);
  if (BASIC.has(rest)) return prefix + rest;
  if (!rest.includes(".")) return `${keys}${alias}.${rest}`;
  return keys + rest.replace(/^metav1\./, "meta.").replace(/^api\./, "core.").replace(/^corev1\./, "v1.");
}

const packages: Readonly<Record<string, Package>> = {
  v1: await read("staging/src/k8s.io/api/core/v1/types.go", "v1"),
  core: await read("pkg/apis/core/types.go", "core"),
  batchv1: await read("staging/src/k8s.io/api/batch/v1/types.go", "batchv1"),
  batch: await read("pkg/apis/batch/types.go", "batch"),
  meta: await read("staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go", "meta"),
};

const result: Record<string, Record<string, Field[] | string>> = { v1: {}, core: {}, batchv1: {}, batch: {}, meta: {} };

/** A type and all that it is made of. */
function add(type: string): void {
  const bare = type.replace(/^(\[\]|\*|map\[[^\]]+\])+/, "");
  for (const [, key] of type.matchAll(/map\[([^\]]+)\]/g)) if (key.includes(".")) add(key);
  const [alias, name] = bare.split(".");
  const from = packages[alias];
  if (from === undefined || name === undefined || result[alias][name] !== undefined) return;
  const fields = from.structs.get(name);
  if (fields !== undefined) {
    result[alias][name] = fields;
    for (const [, field] of fields) add(field);
  } else if (from.named.has(name)) {
    result[alias][name] = from.named.get(name)!;
    add(from.named.get(name)!);
  }
}
add("v1.PodTemplateSpec");
for (const type of ["PodTemplateSpec", "PodIP", "HostIP"]) add(`core.${type}`);
for (const type of ["PodFailurePolicy", "SuccessPolicy", "UncountedTerminatedPods"]) {
  add(`batch.${type}`);
  add(`batchv1.${type}`);
}

const lines = Object.entries(result).map(([alias, types]) => {
  const entries = Object.keys(types).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(types[name])}`);
  return `${JSON.stringify(alias)}:{\n${entries.join(",\n")}\n}`;
});
await Deno.writeTextFile("cluster/memory/kinds/schema/go_types.json", `{\n${lines.join(",\n")}\n}\n`);
