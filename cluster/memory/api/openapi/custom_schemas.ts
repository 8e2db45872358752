/**
 * A custom resource and its list as schemas.
 *
 * Source: `apiextensions-apiserver/pkg/controller/openapi/builder/builder.go`.
 */
import type { Kind } from "../../kinds/kind.ts";
import { describe } from "./descriptions.ts";
import { customName, fullName, reference } from "./names.ts";
import type { Schema } from "./schemas.ts";

/** The schemas of a kind and of its list, by name. */
export function customSchemas(kind: Kind, version: string, schema: Schema | undefined): [string, Schema][] {
  const group = kind.group;
  const name = customName(group, version, kind.kind);
  const gvk = (suffix: string) => [{ group, version, kind: kind.kind + suffix }];
  const own = (schema?.properties ?? {}) as Readonly<Record<string, Schema>>;
  const object: Schema = {
    ...schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    properties: {
      ...own,
      apiVersion: field("apiVersion"),
      kind: field("kind"),
      metadata: {
        ...own.metadata?.description === undefined
          ? { description: METADATA }
          : { description: own.metadata.description },
        allOf: [{ $ref: reference(fullName("meta.v1.ObjectMeta")) }],
      },
    },
    "x-kubernetes-group-version-kind": gvk(""),
  };
  const list: Schema = {
    description: `${kind.kind}List is a list of ${kind.kind}`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: field("apiVersion"),
      items: {
        description: `List of ${kind.plural}. More info: ${CONVENTIONS}`,
        type: "array",
        items: { $ref: reference(name) },
      },
      kind: field("kind"),
      metadata: {
        description: `Standard list metadata. More info: ${CONVENTIONS}#types-kinds`,
        allOf: [{ $ref: reference(fullName("meta.v1.ListMeta")) }],
      },
    },
    "x-kubernetes-group-version-kind": gvk("List"),
  };
  return [[name, object], [`${name}List`, list]];
}

const CONVENTIONS = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
const METADATA = `Standard object's metadata. More info: ${CONVENTIONS}#metadata`;

/** The field of every object, with the text that it has everywhere. */
function field(name: string): Schema {
  const description = describe("core.v1.Pod", name);
  return { ...description === undefined ? {} : { description }, type: "string" };
}
