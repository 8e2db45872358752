/** Binding: puts a pod on a node. It is only ever created. Source: `pkg/registry/core/pod/storage`. */
import { type FieldError, notSupported, required } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import type { Binding } from "../schema/types.ts";

export const binding = defineKind<Binding>({
  group: "",
  version: "v1",
  kind: "Binding",
  plural: "bindings",
  singular: "binding",
  namespaced: true,
  type: "core.v1.Binding",
  verbs: ["create"],
  strategy: { names: "subdomain", generation: false, validate: validateBinding },
});

/** Errors of a binding: its target is a node. */
export function validateBinding({ target }: Binding): FieldError[] {
  const { kind = "", name = "" } = target ?? {};
  return [
    ...kind === "" || kind === "Node" ? [] : [notSupported("target.kind", kind, ["Node", "<empty>"])],
    ...name === "" ? [required("target.name")] : [],
  ];
}
