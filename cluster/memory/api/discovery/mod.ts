/**
 * Discovery: what the API serves, told from the list of kinds.
 *
 * - {@linkcode discovery}: the documents of `/api`, `/apis` and below, aggregated (v2, v2beta1) or one at a time. Make
 *   it anew when the kinds change.
 * - {@linkcode versionDocument}: `/version`.
 * - {@linkcode groupsOf}, {@linkcode compareVersions}: the order of groups and versions.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Kind } from "../../kinds/kind.ts";
 * import { discovery } from "./mod.ts";
 *
 * const pods: Kind = {
 *   group: "",
 *   version: "v1",
 *   kind: "Pod",
 *   plural: "pods",
 *   singular: "pod",
 *   namespaced: true,
 *   type: "core.v1.Pod",
 *   strategy: { names: "subdomain" },
 * };
 * const document = discovery([pods], { serverAddress: "127.0.0.1:6443" }).at("/api/v1", "application/json")!;
 * assert.equal(JSON.parse(document.body).resources[0].name, "pods");
 * ```
 */
export type { AggregatedVersion } from "./aggregated.ts";
export {
  type Discovery,
  discovery,
  type DiscoveryDocument,
  discoveryForm,
  type DiscoveryOptions,
} from "./documents.ts";
export { compareVersions, type DiscoveredGroup, type DiscoveredVersion, groupsOf } from "./groups.ts";
export { storageVersionHash, subresourcesOf, verbsOf } from "./resources.ts";
export { versionDocument } from "./version.ts";
