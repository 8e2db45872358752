/** Manifests that the conformance cases start from. */

const container = { name: "app", image: "nginx:1.27" };

export function pod(name: string, more: { readonly labels?: object; readonly spec?: object } = {}) {
  const { labels = {}, spec = {} } = more;
  return { apiVersion: "v1", kind: "Pod", metadata: { name, labels }, spec: { containers: [container], ...spec } };
}

function workload(apiVersion: string, kind: string, selector: object) {
  return (name: string, replicas: number, spec: object = {}) => ({
    apiVersion,
    kind,
    metadata: { name },
    spec: {
      replicas,
      selector,
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [container] } },
      ...spec,
    },
  });
}

export const deployment = workload("apps/v1", "Deployment", { matchLabels: { app: "web" } });
export const replicaSet = workload("apps/v1", "ReplicaSet", { matchLabels: { app: "web" } });
export const replicationController = workload("v1", "ReplicationController", { app: "web" });

export function service(name: string, spec: object = {}) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec },
  };
}

export const configMap = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});
