/** Node. Source: `pkg/registry/core/node` and `pkg/apis/core/{v1,validation}`. */
import { cidrWarnings } from "../../ip_address.ts";
import { defineKind } from "../../kind.ts";
import { metadataErrors } from "../../object_meta.ts";
import type { Node } from "../../schema/types.ts";
import { defaultResourceList } from "../pod/defaults.ts";
import { nodeTable } from "./table.ts";
import { validateNode, validateNodeChange } from "./validation.ts";

export const node = defineKind<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  singular: "node",
  shortNames: ["no"],
  namespaced: false,
  type: "core.v1.Node",
  strategy: {
    names: "subdomain",
    generation: false,
    defaults({ spec, status }) {
      // Clients of old write one range, others the list: where they differ, the one counts.
      if (spec?.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
      if (spec?.podCIDRs?.length) spec.podCIDR = spec.podCIDRs[0];
      if (status === undefined) return;
      if (status.allocatable === undefined && status.capacity) status.allocatable = { ...status.capacity };
      if (status.capacity) defaultResourceList(status.capacity);
      if (status.allocatable) defaultResourceList(status.allocatable);
    },
    // A kubelet that registers its node brings the status along: it is kept.
    prepareForCreate({ spec, status }) {
      delete spec?.configSource;
      delete status?.config;
    },
    prepareForUpdate(node, old) {
      node.status = old.status as typeof node.status;
      if (old.spec?.configSource === undefined) delete node.spec?.configSource;
    },
    validate: validateNode,
    validateUpdate: (node, old) => [...validateNode(node), ...metadataErrors(node), ...validateNodeChange(node, old)],
    warnings: ({ spec = {} }) => [
      ...spec.configSource ? ["spec.configSource: the feature is removed"] : [],
      ...spec.externalID ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"] : [],
      ...(spec.podCIDRs ?? []).flatMap((range, i) => cidrWarnings(`spec.podCIDRs[${i}]`, range)),
    ],
  },
  status: {
    prepareForUpdate(node, old) {
      node.spec = old.spec as typeof node.spec;
      if (old.status?.config === undefined) delete node.status?.config;
    },
    validateUpdate: validateNodeChange,
  },
  subresources: [{
    name: "proxy",
    kind: { group: "", version: "v1", kind: "NodeProxyOptions" },
    verbs: ["create", "delete", "get", "patch", "update"],
  }],
  table: nodeTable,
  selectableFields: ({ spec }) => ({ "spec.unschedulable": String(spec?.unschedulable ?? false) }),
});
