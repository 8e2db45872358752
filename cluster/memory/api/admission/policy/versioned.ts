/** The objects of a request in the version in which a policy looks at them. */
import type { JsonObject } from "../../../kinds/json.ts";
import { apiVersionOf } from "../../../kinds/kind.ts";
import type { KubeObject } from "../../../kinds/object.ts";
import type { Served } from "../../registry/served.ts";
import type { Attributes } from "../plugin.ts";
import type { PolicyContext } from "./context.ts";

/** @param version that of the rule that matched */
export function servedAt(
  { resource, subresource }: Attributes,
  { group, version }: Pick<Served, "group" | "version">,
  { kinds }: PolicyContext,
): Served | undefined {
  // Other subresources have objects of other kinds.
  return subresource === "" || subresource === "status" ? kinds.find(group, version, resource) : undefined;
}

/** @param object in the stored version */
export function toVersion(object: KubeObject, served: Served | undefined, attributes: Attributes): JsonObject {
  const { group, version, kind } = attributes;
  const shown = served === undefined
    ? { apiVersion: apiVersionOf({ group, version }), kind, ...object }
    : { ...served.conversion?.fromStored(object) ?? object, apiVersion: served.apiVersion, kind: served.kind.kind };
  return shown as unknown as JsonObject;
}
