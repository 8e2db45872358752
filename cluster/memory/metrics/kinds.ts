/**
 * What `metrics.k8s.io` serves: how much each pod and each node uses.
 *
 * Source: `k8s.io/metrics/pkg/apis/metrics/v1beta1`; the columns are those of metrics-server.
 */
import { shapeOfSchema } from "../kinds/apiextensions/shape_of_schema.ts";
import { type Column, defineKind } from "../kinds/kind.ts";
import type { NodeMetrics, PodMetrics, ResourceUsage } from "../kinds/metrics/types.ts";

export const METRICS_GROUP = "metrics.k8s.io";

const NAME: Column = { name: "Name", type: "string", format: "name", description: "Name of the resource" };
const column = (name: string): Column => ({ name, type: "string", description: "" });
const COLUMNS: readonly Column[] = [NAME, column("cpu"), column("memory"), column("Window")];

const shared = {
  group: METRICS_GROUP,
  version: "v1beta1",
  singular: "",
  type: "",
  // Never written by a client: whatever the metrics server tells is shown.
  shape: shapeOfSchema(undefined),
  verbs: ["get", "list"],
  strategy: { names: "none", generation: false },
} as const;

export const nodeMetrics = defineKind<NodeMetrics>({
  ...shared,
  kind: "NodeMetrics",
  plural: "nodes",
  namespaced: false,
  table: {
    columns: COLUMNS,
    cells: ({ metadata, usage, window }) => [metadata.name!, usage.cpu, usage.memory, window],
  },
});

export const podMetrics = defineKind<PodMetrics>({
  ...shared,
  kind: "PodMetrics",
  plural: "pods",
  namespaced: true,
  table: {
    columns: COLUMNS,
    cells: ({ metadata, containers, window }) => {
      const { cpu, memory } = total(containers.map(({ usage }) => usage));
      return [metadata.name!, cpu, memory, window];
    },
  },
});

/** @param usages in thousandths of a CPU and Ki of memory, as {@linkcode usageText} writes them */
function total(usages: readonly ResourceUsage[]): ResourceUsage {
  const sum = (values: readonly string[]) => values.reduce((all, value) => all + parseInt(value), 0);
  return {
    cpu: `${sum(usages.map(({ cpu }) => cpu))}m`,
    memory: `${sum(usages.map(({ memory }) => memory))}Ki`,
  };
}

/** @param cpu thousandths @param memory bytes */
export const usageText = ({ cpu, memory }: { readonly cpu: number; readonly memory: number }): ResourceUsage => ({
  cpu: `${Math.ceil(cpu)}m`,
  memory: `${Math.ceil(memory / 1024)}Ki`,
});
