/** Small objects to try controllers with. */
import type { Partially } from "../../cluster/memory/kinds/object.ts";
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  Pod,
  PodSpec,
  ReplicaSet,
  Service,
  StatefulSet,
} from "../../cluster/memory/kinds/schema/types.ts";

const podSpec: Partially<PodSpec> = {
  containers: [{ name: "app", image: "nginx:1.27" }],
  terminationGracePeriodSeconds: 1,
};

const template = (name: string, spec: Partially<PodSpec> = {}) => ({
  metadata: { labels: { app: name } },
  spec: { ...podSpec, ...spec },
});

const metadata = (name: string) => ({ name, namespace: "default" });

/** Surge of one, nothing unavailable. */
export const deployment = (name: string, replicas: number, more: Partially<Deployment["spec"]> = {}) => ({
  metadata: metadata(name),
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: template(name),
    ...more,
  },
} satisfies Partially<Deployment>);

export const replicaSet = (name: string, replicas: number, more: Partially<ReplicaSet["spec"]> = {}) => ({
  metadata: metadata(name),
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name), ...more },
} satisfies Partially<ReplicaSet>);

export const statefulSet = (name: string, replicas: number, more: Partially<StatefulSet["spec"]> = {}) => ({
  metadata: metadata(name),
  spec: {
    replicas,
    serviceName: name,
    selector: { matchLabels: { app: name } },
    template: template(name),
    ...more,
  },
} satisfies Partially<StatefulSet>);

export const daemonSet = (name: string, more: Partially<DaemonSet["spec"]> = {}) => ({
  metadata: metadata(name),
  spec: { selector: { matchLabels: { app: name } }, template: template(name), ...more },
} satisfies Partially<DaemonSet>);

export const job = (name: string, more: Partially<Job["spec"]> = {}, spec: Partially<PodSpec> = {}) => ({
  metadata: metadata(name),
  spec: { template: { spec: { ...podSpec, restartPolicy: "Never", ...spec } }, ...more },
} satisfies Partially<Job>);

export const cronJob = (name: string, schedule: string, more: Partially<CronJob["spec"]> = {}) => ({
  metadata: metadata(name),
  spec: { schedule, jobTemplate: { spec: job(name).spec }, ...more },
} satisfies Partially<CronJob>);

export const pod = (name: string, labels: Record<string, string> = {}, spec: Partially<PodSpec> = {}) => ({
  metadata: { ...metadata(name), labels },
  spec: { ...podSpec, ...spec },
} satisfies Partially<Pod>);

export const service = (name: string, more: Partially<Service["spec"]> = {}) => ({
  metadata: metadata(name),
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...more },
} satisfies Partially<Service>);
