/**
 * Descriptions of API types, read from the type declarations of the installed `@kubernetes/client-node`.
 *
 * The client is generated from Kubernetes' own OpenAPI document, and a comment stands at every type and most fields.
 * Where the package is not there as files, there are no descriptions; nothing else depends on them.
 */
import { readFileSync } from "node:fs";

export interface ClientDescriptions {
  readonly type?: string;
  /** By the field's name in JSON. */
  readonly fields: ReadonlyMap<string, string>;
}

const known = new Map<string, ClientDescriptions | undefined>();

/** @param type as in schema/facts.json, "core.v1.Pod" */
export function clientDescriptions(type: string): ClientDescriptions | undefined {
  if (!known.has(type)) known.set(type, read(type));
  return known.get(type);
}

/** Whether the declarations can be read at all. */
export const hasClientDescriptions = (): boolean => clientDescriptions("core.v1.Pod") !== undefined;

/** Two groups use some names; the client puts the group before those: CoreV1Event, EventsV1Event. */
function candidates(type: string): string[] {
  const [group, version, name] = type.split(".");
  const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
  return [`${capital(version)}${name}`, `${capital(group)}${capital(version)}${name}`];
}

function read(type: string): ClientDescriptions | undefined {
  for (const name of candidates(type)) {
    const text = declaration(name);
    if (text !== undefined) return parse(text);
  }
  return undefined;
}

function declaration(name: string): string | undefined {
  try {
    const main = import.meta.resolve("@kubernetes/client-node");
    return readFileSync(new URL(`gen/models/${name}.d.ts`, main), "utf8");
  } catch {
    // Not installed as files, not such a type, or no permission to read: no descriptions.
    return undefined;
  }
}

const TYPE_COMMENT = /\/\*\*\n\* (.*)\n\*\/\nexport declare class/;
const FIELD_COMMENT = / {4}\/\*\*\n {4}\* (.*)\n {4}\*\/\n {4}'_?([^']+)'/g;

function parse(text: string): ClientDescriptions {
  const type = TYPE_COMMENT.exec(text)?.[1];
  const fields = new Map<string, string>();
  for (const [, comment, name] of text.matchAll(FIELD_COMMENT)) fields.set(jsonName(name), unescaped(comment));
  return { type: type && unescaped(type), fields };
}

/** Names that are no identifiers lose their signs: "x-kubernetes-validations" is x_kubernetes_validations. */
function jsonName(name: string): string {
  return name.startsWith("x_kubernetes_") ? name.replaceAll("_", "-") : name;
}

function unescaped(comment: string): string {
  return comment.replace(/\\(['"\\])/g, "$1").replaceAll("*_/", "*/");
}
