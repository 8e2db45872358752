/** Which clusters look like a learner's own: Drydock changes nothing anywhere else unless told to. */
import type { ContextInfo } from "./kubeconfig.ts";

/** Contexts that local tools write: kind, minikube, k3d, Docker Desktop, Rancher Desktop, OrbStack, Colima. */
const LOCAL_CONTEXTS: readonly RegExp[] = [
  /^kind-/,
  /^minikube$/,
  /^k3d-/,
  /^docker-desktop$/,
  /^rancher-desktop$/,
  /^orbstack$/,
  /^colima(-|$)/,
];

/**
 * Whether a context looks local: by its name, or because its server is this machine.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(looksLocal({ name: "kind-study", server: "https://10.0.0.5:6443" }), true);
 * assert.equal(looksLocal({ name: "lab", server: "https://127.0.0.1:6443" }), true);
 * assert.equal(looksLocal({ name: "production", server: "https://k8s.example.com" }), false);
 * ```
 */
export function looksLocal({ name, server }: ContextInfo): boolean {
  return LOCAL_CONTEXTS.some((pattern) => pattern.test(name)) || isLoopback(server);
}

/** Whether a server's URL leads to the machine itself. */
export function isLoopback(server: string): boolean {
  if (!URL.canParse(server)) return false;
  const { hostname } = new URL(server);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
