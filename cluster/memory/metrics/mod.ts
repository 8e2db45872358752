/** `metrics.k8s.io` beside the API server, as a metrics server adds it: for `kubectl top` and the autoscaler. */
import type { Informers } from "../api/informer.ts";
import { administrator, type Api } from "../api/mod.ts";
import { ensure } from "../bootstrap/ensure.ts";
import { apiService } from "../kinds/apiregistration/api_service.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { Kubelets } from "../kubelet/mod.ts";
import { METRICS_GROUP, nodeMetrics, podMetrics } from "./kinds.ts";
import { MetricsServer } from "./metrics_server.ts";

export interface MetricsOptions {
  readonly api: Api;
  readonly informers: Informers;
  readonly kubelets: Kubelets;
}

/** Serves the metrics of `kubelets`' containers, and registers the group: as a local one, for no pod stands behind it. */
export async function serveMetrics({ api, informers, kubelets }: MetricsOptions): Promise<void> {
  const server = new MetricsServer({ clock: api.clock, informers, kubelets });
  api.serve(nodeMetrics, { objects: () => server.nodes() });
  api.serve(podMetrics, { objects: () => server.pods() });
  const version = "v1beta1";
  await ensure(api.client(administrator), apiService, {
    apiVersion: apiVersionOf(apiService),
    kind: "APIService",
    metadata: { name: `${version}.${METRICS_GROUP}`, labels: { "k8s-app": "metrics-server" } },
    spec: {
      group: METRICS_GROUP,
      version,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  });
}
