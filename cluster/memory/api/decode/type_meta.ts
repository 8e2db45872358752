/**
 * What a body says it is: its apiVersion and kind.
 *
 * Source: `apimachinery/pkg/runtime/serializer/json/meta.go`, which reads with plain `encoding/json`: keys match
 * whatever their case.
 */

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Thrown for a body whose apiVersion or kind cannot be read, with Go's message. */
export class UnrecognizedBody extends Error {
  override readonly name = "UnrecognizedBody";
}

/** "apps/v1" → group and version. @throws {UnrecognizedBody} for more than one slash */
export function parseGroupVersion(text: string): { readonly group: string; readonly version: string } {
  if (text === "" || text === "/") return { group: "", version: "" };
  const parts = text.split("/");
  if (parts.length > 2) throw new UnrecognizedBody(`unexpected GroupVersion string: ${text}`);
  return parts.length === 1 ? { group: "", version: text } : { group: parts[0], version: parts[1] };
}

/**
 * Reads apiVersion and kind of a value that JSON held; what is not there is "".
 *
 * @throws {UnrecognizedBody}
 */
export function interpret(value: unknown): GroupVersionKind {
  if (value === null) return { group: "", version: "", kind: "" };
  if (typeof value !== "object" || Array.isArray(value)) throw mismatch(value, "");
  let [apiVersion, kind] = ["", ""];
  for (const [key, member] of Object.entries(value)) {
    const name = key.toLowerCase();
    if ((name !== "apiversion" && name !== "kind") || member === null) continue;
    if (typeof member !== "string") throw mismatch(member, name === "kind" ? "kind" : "apiVersion");
    if (name === "kind") kind = member;
    else apiVersion = member;
  }
  return { ...parseGroupVersion(apiVersion), kind };
}

const HOLDER =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function mismatch(value: unknown, field: string): UnrecognizedBody {
  const described = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  const target = field === "" ? `value of type ${HOLDER}` : `struct field .${field} of type string`;
  return new UnrecognizedBody(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${described} into Go ${target}`,
  );
}

/** What is missing is taken from what the endpoint expects. */
export function withDefaults(actual: GroupVersionKind, expected: GroupVersionKind): GroupVersionKind {
  const kind = actual.kind || expected.kind;
  if (actual.version !== "") return { ...actual, kind };
  if (actual.group === "" || actual.group === expected.group) return { ...expected, kind };
  return { ...actual, kind };
}
