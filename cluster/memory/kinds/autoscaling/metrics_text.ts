/** What an autoscaler measures and wants, "cpu: 12%/80%". Source: formatHPAMetrics of `pkg/printers/internalversion`. */
import type { MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from "../schema/types.ts";

export function metricsText(specs: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (specs.length === 0) return "<none>";
  const texts = specs.slice(0, 2).map((spec, i) => metricText(spec, statuses[i])).join(", ");
  return specs.length > 2 ? `${texts} + ${specs.length - 2} more...` : texts;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case "External":
      return averageOrValue(spec.external!.target, status?.external?.current);
    case "Object":
      return averageOrValue(spec.object!.target, status?.object?.current);
    case "Pods":
      return `${status?.pods?.current.averageValue ?? "<unknown>"}/${spec.pods!.target.averageValue}`;
    case "Resource":
      return `${spec.resource!.name}: ${utilization(spec.resource!.target, status?.resource?.current)}`;
    case "ContainerResource": {
      const { name, target } = spec.containerResource!;
      return `${name}: ${utilization(target, status?.containerResource?.current)}`;
    }
    default:
      return "<unknown type>";
  }
}

function averageOrValue({ averageValue, value }: MetricTarget, current: MetricValueStatus | undefined): string {
  if (averageValue !== undefined) return `${current?.averageValue ?? "<unknown>"}/${averageValue} (avg)`;
  return `${current?.value ?? "<unknown>"}/${value}`;
}

function utilization({ averageValue, averageUtilization }: MetricTarget, current: MetricValueStatus | undefined) {
  if (averageValue !== undefined) return `${current?.averageValue ?? "<unknown>"}/${averageValue}`;
  const percent = (number: number | undefined, none: string) => number === undefined ? none : `${number}%`;
  return `${percent(current?.averageUtilization, "<unknown>")}/${percent(averageUtilization, "<auto>")}`;
}
