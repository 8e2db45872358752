/**
 * How the parts of the control plane are, as `kubectl get componentstatuses` asks them.
 *
 * Source: componentStatusStorage in `pkg/registry/core/rest/storage_core.go`, `pkg/registry/core/componentstatus`.
 */
import type { Component } from "./component_names.ts";
import type { ComponentStatus } from "./kinds/schema/types.ts";

/** The ports at which a real API server asks; who does not run refuses the connection. */
const ASKED = [
  { name: "controller-manager", component: "controllers", port: 10257 },
  { name: "scheduler", component: "scheduler", port: 10259 },
] as const;

/** One object for each part; the store, without which nothing could ask, is always well. */
export const componentStatuses = (running: readonly Component[]): readonly ComponentStatus[] => [
  status("etcd-0", "True", "ok"),
  ...ASKED.map(({ name, component, port }) =>
    running.includes(component) ? status(name, "True", "ok") : status(name, "False", refused(port))
  ),
];

const status = (name: string, status: string, message: string): ComponentStatus => ({
  apiVersion: "v1",
  kind: "ComponentStatus",
  metadata: { name },
  conditions: [{ type: "Healthy", status, message }],
});

const refused = (port: number): string =>
  `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
