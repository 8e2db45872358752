/**
 * Generates the texts of OpenAPI documents that the installed Kubernetes client does not carry.
 *
 * Descriptions of types and fields come from the client's type declarations at run time. Those leave out the texts of
 * fields that hold another type, join lines, and know no enum's values. `cluster/memory/api/openapi/texts.json` has
 * just these, and the parameters of requests.
 *
 *     deno run -A scripts/generate_openapi.ts ../shared/openapi/v3
 */
import { clientDescriptions } from "../cluster/memory/api/openapi/client_descriptions.ts";
import { shortName } from "../cluster/memory/api/openapi/names.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly schema: { readonly type: string };
}
interface Operation {
  readonly "x-kubernetes-action"?: string;
  readonly "x-kubernetes-group-version-kind"?: { readonly kind: string };
  readonly parameters?: readonly Parameter[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & { readonly parameters?: Parameter[] }>>;
  readonly components: { readonly schemas?: Readonly<Record<string, Schema>> };
}
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const folder = Deno.args[0];
if (folder === undefined) {
  console.error("usage: generate_openapi.ts FOLDER-OF-OPENAPI-V3-DOCUMENTS");
  Deno.exit(2);
}
const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const documents = names.map((name) => JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)) as Document);

/** Every text once; fields name them by their place. */
const texts: string[] = [];
const places = new Map<string, number>();
function place(text: string): number {
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, texts.length);
  return texts.push(text) - 1;
}

/** What becomes of what the client says: nothing, a text in its place, line breaks at positions, or a text behind. */
type Amendment = null | number | { readonly breaks?: readonly number[]; readonly then?: number };

function amendment(wanted: string, said: string | undefined): Amendment | undefined {
  if (said === wanted) return undefined;
  if (said === undefined) return place(wanted);
  const head = wanted.slice(0, said.length);
  if (head.replace(/\n/g, " ") !== said) return place(wanted);
  const breaks = [...head.matchAll(/\n/g)].map(({ index }) => index);
  const then = wanted.slice(said.length);
  return { ...breaks.length > 0 ? { breaks } : {}, ...then === "" ? {} : { then: place(then) } };
}

const amendments: Record<string, Amendment> = {};
const parameters: Record<string, unknown> = {};
const options: Record<string, string[]> = {};
for (const document of documents) {
  for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
    const type = shortName(name);
    const said = clientDescriptions(type);
    const amend = (key: string, wanted: string | undefined, text: string | undefined) => {
      const found = wanted === undefined ? null : amendment(wanted, text);
      if (found === null ? text !== undefined : found !== undefined) amendments[key] = found!;
    };
    amend(type, schema.description, said?.type);
    for (const [field, { description }] of Object.entries(schema.properties ?? {})) {
      amend(`${type}.${field}`, description, said?.fields.get(field));
    }
  }
  for (const [path, { parameters: shared = [], ...operations }] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const connected = operation["x-kubernetes-action"] === "connect" || path.endsWith("/log");
      const kind = path.endsWith("/log") ? "PodLogOptions" : operation["x-kubernetes-group-version-kind"]?.kind ?? "";
      for (const { name, in: place, description, schema } of [...shared, ...operation.parameters ?? []]) {
        if (place === "path" && name !== "namespace" && name !== "path") continue;
        // Options of connections and of patches have texts of their own under names that others use.
        const own = connected && place === "query" && name !== "pretty";
        const key = own
          ? `${kind}.${name}`
          : name === "fieldManager" && method === "patch"
          ? "patch.fieldManager"
          : name;
        parameters[place === "path" && name === "path" ? "path" : key] = { type: schema.type, description };
        if (own) options[kind] = [...new Set([...options[kind] ?? [], name])].sort();
      }
    }
  }
}

const sorted = (object: Readonly<Record<string, unknown>>) =>
  Object.keys(object).sort().map((key) => `${JSON.stringify(key)}:${JSON.stringify(object[key])}`).join(",\n");
const target = new URL("../cluster/memory/api/openapi/texts.json", import.meta.url);
await Deno.writeTextFile(
  target,
  `{\n"texts":[\n${texts.map((text) => JSON.stringify(text)).join(",\n")}\n],\n"amendments":{\n${
    sorted(amendments)
  }\n},\n"parameters":{\n${sorted(parameters)}\n},\n"options":{\n${sorted(options)}\n}\n}\n`,
);
console.log(`${texts.length} texts, ${Object.keys(amendments).length} amendments`);
