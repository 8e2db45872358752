/**
 * Generates the facts of OpenAPI documents that nothing else here has: where descriptions break into lines, and the
 * parameters of requests.
 *
 * Descriptions themselves come from the type declarations of the installed client at run time, with their lines joined.
 *
 *     deno run -A scripts/generate_openapi.ts ../shared/openapi/v3
 */
import { clientDescriptions } from "../cluster/memory/api/openapi/client_descriptions.ts";
import { shortName } from "../cluster/memory/api/openapi/names.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
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

/** Where a description has line breaks, as far as it says the same as the client's. */
function breaksOf(wanted: string | undefined, said: string | undefined): readonly number[] {
  if (wanted === undefined || said === undefined) return [];
  const head = wanted.slice(0, said.length);
  return head.replace(/\n/g, " ") === said ? [...head.matchAll(/\n/g)].map(({ index }) => index) : [];
}

const breaks: Record<string, readonly number[]> = {};
const parameters: Record<string, string> = {};
const options: Record<string, string[]> = {};
for (const document of documents) {
  for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
    const type = shortName(name);
    const said = clientDescriptions(type);
    const note = (key: string, wanted: string | undefined, text: string | undefined) => {
      const found = breaksOf(wanted, text);
      if (found.length > 0) breaks[key] = found;
    };
    note(type, schema.description, said?.type);
    for (const [field, { description }] of Object.entries(schema.properties ?? {})) {
      note(`${type}.${field}`, description, said?.fields.get(field));
    }
  }
  for (const [path, { parameters: shared = [], ...operations }] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const connected = operation["x-kubernetes-action"] === "connect" || path.endsWith("/log");
      const kind = path.endsWith("/log") ? "PodLogOptions" : operation["x-kubernetes-group-version-kind"]?.kind ?? "";
      for (const { name, in: place, schema } of [...shared, ...operation.parameters ?? []]) {
        if (place === "path" && name !== "namespace" && name !== "path") continue;
        // Options of connections may have other types under names that others use.
        const own = connected && place === "query" && name !== "pretty";
        const key = own
          ? `${kind}.${name}`
          : name === "fieldManager" && method === "patch"
          ? "patch.fieldManager"
          : name;
        parameters[place === "path" && name === "path" ? "path" : key] = schema.type;
        if (own) options[kind] = [...new Set([...options[kind] ?? [], name])].sort();
      }
    }
  }
}

const sorted = (object: Readonly<Record<string, unknown>>) =>
  Object.keys(object).sort().map((key) => `${JSON.stringify(key)}:${JSON.stringify(object[key])}`).join(",\n");
const target = new URL("../cluster/memory/api/openapi/facts.json", import.meta.url);
await Deno.writeTextFile(
  target,
  `{\n"breaks":{\n${sorted(breaks)}\n},\n"parameters":{\n${sorted(parameters)}\n},\n"options":{\n${
    sorted(options)
  }\n}\n}\n`,
);
console.log(`${Object.keys(breaks).length} texts with line breaks, ${Object.keys(parameters).length} parameters`);
