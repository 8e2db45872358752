/** ComponentStatus: never stored, and answered by whoever asks the components. Source: `pkg/registry/core/componentstatus`. */
import { defineKind } from "../kind.ts";
import type { ComponentStatus } from "../schema/types.ts";
import { tableOf } from "../table.ts";

export const componentStatus = defineKind<ComponentStatus>({
  group: "",
  version: "v1",
  kind: "ComponentStatus",
  plural: "componentstatuses",
  singular: "componentstatus",
  shortNames: ["cs"],
  namespaced: false,
  type: "core.v1.ComponentStatus",
  deprecation: "v1 ComponentStatus is deprecated in v1.19+",
  verbs: ["get", "list"],
  strategy: { names: "none", generation: false },
  table: tableOf("core.v1.ComponentStatus", ({ metadata, conditions = [] }) => {
    const healthy = conditions.find(({ type }) => type === "Healthy");
    const status = { True: "Healthy", False: "Unhealthy" }[healthy?.status ?? ""] ?? "Unknown";
    return [metadata.name ?? "", status, healthy?.message ?? "", healthy?.error ?? ""];
  }),
});
