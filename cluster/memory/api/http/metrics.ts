/**
 * What `/metrics` tells, in Prometheus' format.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/metrics/metrics.go`.
 */
import type { Store } from "../../store/store.ts";
import type { ApiRequest, ApiResponse } from "./message.ts";
import { requestInfo } from "./request_info.ts";

/** Seconds. */
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 5, 30];

interface Requests {
  count: number;
  seconds: number;
  readonly buckets: number[];
}

export class Metrics {
  readonly #requests = new Map<string, Requests>();
  #watches = 0;

  /** @param ms how long the answer took, in milliseconds of the machine's time */
  count({ method, path, query }: ApiRequest, { status, stream }: ApiResponse, ms: number): void {
    const info = requestInfo(method, path, query);
    const labels = info.isResource
      ? `group="${info.group}",version="${info.version}",resource="${info.resource}",subresource="${info.subresource}",verb="${info.verb.toUpperCase()}"`
      : `group="",version="",resource="",subresource="",verb="${method}"`;
    const key = `${labels},code="${status}"`;
    // Whoever asks for ever new resources does not fill the memory.
    let requests = this.#requests.get(key);
    if (requests === undefined) {
      if (this.#requests.size > 5000) return;
      this.#requests.set(key, requests = { count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) });
    }
    requests.count++;
    requests.seconds += ms / 1000;
    BUCKETS.forEach((bound, i) => void (ms / 1000 <= bound && requests.buckets[i]++));
    if (stream !== undefined) this.#watches++;
  }

  render(store: Store, buckets: readonly string[]): string {
    const lines = [
      "# HELP apiserver_request_total Counter of apiserver requests broken out for each verb, group, version, resource and code.",
      "# TYPE apiserver_request_total counter",
    ];
    for (const [key, { count }] of this.#requests) lines.push(`apiserver_request_total{${key}} ${count}`);
    lines.push(
      "# HELP apiserver_request_duration_seconds Response latency distribution in seconds for each verb, group, version, resource and subresource.",
      "# TYPE apiserver_request_duration_seconds histogram",
    );
    for (const [key, { count, seconds, buckets }] of this.#requests) {
      BUCKETS.forEach((bound, i) =>
        lines.push(`apiserver_request_duration_seconds_bucket{${key},le="${bound}"} ${buckets[i]}`)
      );
      lines.push(
        `apiserver_request_duration_seconds_bucket{${key},le="+Inf"} ${count}`,
        `apiserver_request_duration_seconds_sum{${key}} ${seconds}`,
        `apiserver_request_duration_seconds_count{${key}} ${count}`,
      );
    }
    lines.push(
      "# HELP apiserver_storage_objects Number of stored objects at the time of last check split by kind.",
      "# TYPE apiserver_storage_objects gauge",
    );
    for (const bucket of buckets) {
      const name = bucket.split("/").reverse().join(".");
      lines.push(`apiserver_storage_objects{resource="${name}"} ${store.count(bucket)}`);
    }
    lines.push(
      "# HELP apiserver_watch_requests_total Counter of watches that were begun.",
      "# TYPE apiserver_watch_requests_total counter",
      `apiserver_watch_requests_total ${this.#watches}`,
    );
    return `${lines.join("\n")}\n`;
  }
}
