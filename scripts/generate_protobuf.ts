/**
 * Generates the field numbers that the memory cluster reads and writes protobuf with.
 *
 * Reads the protobuf facts of Kubernetes v1.36 and `cluster/memory/kinds/schema/facts.json`, and writes
 * `cluster/memory/api/protobuf/fields.json`: for every type, a field's number and its name in JSON. What a struct
 * embeds is one field on the wire and many in JSON: it is written "+core.v1.VolumeSource".
 *
 *     deno run --allow-read --allow-write scripts/generate_protobuf.ts ../shared/openapi/protobuf.json
 */
import facts from "../cluster/memory/kinds/schema/facts.json" with { type: "json" };

type Messages = Readonly<
  Record<string, Readonly<Record<string, readonly [name: string, type: string, repeated?: string]>>>
>;

const source = Deno.args[0];
if (source === undefined) {
  console.error("usage: generate_protobuf.ts PROTOBUF-FACTS");
  Deno.exit(2);
}

/** "k8s.io.api.core.v1.Pod" → "core.v1.Pod". */
const shortName = (name: string) => name.split(".").slice(-3).join(".");

/** JSONSchemaProps holds values of several forms, each a message of its own. */
const FORMS: Readonly<Record<string, string>> = {
  "apiextensions.v1.JSONSchemaPropsOrArray": "array",
  "apiextensions.v1.JSONSchemaPropsOrBool": "bool",
  "apiextensions.v1.JSONSchemaPropsOrStringArray": "strings",
};

const { messages } = JSON.parse(await Deno.readTextFile(source)) as { messages: Messages };
const byName = new Map<string, Messages[string]>();
for (const [name, message] of Object.entries(messages)) {
  // Groups without a folder of their own come first; nothing else shares a short name.
  if (!byName.has(shortName(name))) byName.set(shortName(name), message);
}

const types = facts as unknown as Readonly<Record<string, { readonly fields: Readonly<Record<string, unknown>> }>>;
/** "$ref" and "ref", "uID" and "uid" are the same. */
const folded = (name: string) => name.replace(/[^a-zA-Z0-9]/g, "").toLowerCase();

const result = new Map<string, Record<string, string>>();
function collect(type: string, jsonNames: readonly string[]) {
  const numbers: Record<string, string> = {};
  for (const [number, [name, wireType]] of Object.entries(byName.get(type)!)) {
    const form = FORMS[shortName(wireType.replace(/^map<string,(.*)>$/, "$1"))];
    const jsonName = jsonNames.find((candidate) => candidate === name) ??
      jsonNames.find((candidate) => folded(candidate) === folded(name));
    if (jsonName !== undefined) {
      numbers[number] = form === undefined ? jsonName : `${jsonName}|${form}`;
    } else if (byName.has(shortName(wireType))) {
      const embedded = shortName(wireType);
      numbers[number] = `+${embedded}`;
      if (!result.has(embedded)) collect(embedded, types[embedded] ? Object.keys(types[embedded].fields) : jsonNames);
    } else throw new Error(`${type}.${name} (${wireType}) is no field in JSON: ${jsonNames}`);
  }
  result.set(type, numbers);
}
for (const [name, { fields }] of Object.entries(types)) {
  if (byName.has(name)) collect(name, Object.keys(fields));
}

const target = new URL("../cluster/memory/api/protobuf/fields.json", import.meta.url);
const entries = [...result].sort(([a], [b]) => a < b ? -1 : 1).map(([name, fields]) =>
  `${JSON.stringify(name)}:${JSON.stringify(fields)}`
);
await Deno.writeTextFile(target, `{\n${entries.join(",\n")}\n}\n`);
console.log(`${entries.length} messages`);
