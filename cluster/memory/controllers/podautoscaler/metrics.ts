/** What pods use, as the metrics API says. Source: `pkg/controller/podautoscaler/metrics`. */
import type { Client, KindRef } from "../../api/client.ts";
import { instant } from "../../api/timestamps.ts";
import type { PodMetrics } from "../../kinds/metrics/types.ts";
import { quantityMilliValue } from "../../kinds/quantity.ts";
import { isNotFound, messageOf } from "../controller.ts";

export const podMetrics: KindRef<PodMetrics> = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  plural: "pods",
  kind: "PodMetrics",
};

export interface Sample {
  /** Thousandths of the resource's unit. */
  readonly value: number;
  /** When it was taken, in milliseconds since the epoch, and over how many milliseconds. */
  readonly at: number;
  readonly window: number;
}

/**
 * The usage of each pod, by its name; of one container of each where one is named.
 *
 * @throws when there are no metrics, in the words of a cluster without a metrics server
 */
export async function resourceUsage(
  client: Client,
  namespace: string,
  labelSelector: string,
  resource: string,
  container: string | undefined,
): Promise<Map<string, Sample>> {
  let items: readonly PodMetrics[];
  try {
    ({ items } = await client.list(podMetrics, { namespace, labelSelector }));
  } catch (error) {
    const why = isNotFound(error)
      ? "the server could not find the requested resource (get pods.metrics.k8s.io)"
      : messageOf(error);
    throw new Error(`unable to fetch metrics from resource metrics API: ${why}`);
  }
  if (items.length === 0) throw new Error("no metrics returned from resource metrics API");
  const usage = new Map<string, Sample>();
  for (const { metadata, timestamp, window, containers } of items) {
    const counted = container === undefined ? containers : containers.filter(({ name }) => name === container);
    // A resource that nobody measures has no usage.
    const values = counted.flatMap(({ usage }) => (usage as Readonly<Record<string, string>>)[resource] ?? []);
    if (values.length === 0 || values.length < counted.length) continue;
    const value = values.reduce((sum, quantity) => sum + Number(quantityMilliValue(quantity)), 0);
    usage.set(metadata.name!, { value, at: instant(timestamp) ?? 0, window: duration(window) });
  }
  return usage;
}

/** "1m30s" in milliseconds. */
function duration(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  return [...text.matchAll(/([0-9.]+)(ms|h|m|s)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * units[unit],
    0,
  );
}
