/** A cluster for tests of checks: objects in a map, a clock of its own, and changes that come by themselves. */
import type { ApiObject, Cluster, ObjectClient, ObjectQuery, ObjectRef } from "../../cluster/cluster.ts";
import { ApiError } from "../../cluster/cluster.ts";

export interface FakeCluster extends Cluster {
  /** Puts an object there, or replaces it. */
  put(object: ApiObject): void;
  take(ref: Pick<ObjectRef, "kind" | "name">): void;
  /** Does something when the cluster's time comes to `ms` after its start. */
  at(ms: number, change: () => void): void;
  /** Answers commands in containers. */
  onExec(answer: ObjectClient["exec"]): void;
  /** Answers requests for logs. */
  onLogs(answer: ObjectClient["logs"]): void;
  /** Answers what is created. */
  onCreate(answer: ObjectClient["create"]): void;
  /** Makes every request fail. */
  breakDown(error: Error): void;
}

export function fakeCluster(): FakeCluster {
  const stored = new Map<string, ApiObject>();
  const changes: { readonly at: number; readonly change: () => void }[] = [];
  let time = 0;
  let broken: Error | undefined;
  const key = ({ kind, name }: Pick<ObjectRef, "kind" | "name">) => `${kind}/${name}`;
  const answer = <T>(value: T): Promise<T> => broken === undefined ? Promise.resolve(value) : Promise.reject(broken);
  const unsupported = () => Promise.reject(new ApiError(501, "", "not in this fake"));

  let [exec, logs, create]: [ObjectClient["exec"], ObjectClient["logs"], ObjectClient["create"]] = [
    unsupported,
    unsupported,
    unsupported,
  ];
  const objects: ObjectClient = {
    get: (ref) => answer(stored.get(key(ref))),
    list: ({ kind, labelSelector }: ObjectQuery) =>
      answer([...stored.values()].filter((one) => one.kind === kind && selected(one, labelSelector))),
    create: (object) => create(object),
    apply: unsupported,
    patch: unsupported,
    delete: unsupported,
    namespaced: () => answer(true),
    exec: (container, command) => exec(container, command),
    watch: unsupported,
    logs: (container, options) => logs(container, options),
  };
  return {
    label: { en: "a fake", ko: "가짜" },
    kubeconfig: { context: "fake", server: "https://127.0.0.1:1" },
    capabilities: new Set(),
    objects,
    now: () => time,
    pass(ms) {
      time += ms;
      for (const due of changes.filter(({ at }) => at <= time)) {
        changes.splice(changes.indexOf(due), 1);
        due.change();
      }
      return Promise.resolve(false);
    },
    put: (object) => void stored.set(key({ kind: object.kind, name: object.metadata.name }), object),
    take: (ref) => void stored.delete(key(ref)),
    at: (at, change) => void changes.push({ at, change }),
    onExec: (answer) => void (exec = answer),
    onLogs: (answer) => void (logs = answer),
    onCreate: (answer) => void (create = answer),
    breakDown: (error) => broken = error,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function selected({ metadata: { labels = {} } }: ApiObject, selector: string | undefined): boolean {
  return (selector ?? "").split(",").filter(Boolean).every((part) => {
    const [name, value] = part.split("=");
    return labels[name] === value;
  });
}

/** A Deployment with these replicas and a status that says that `ready` are available. */
export function deployment(
  name: string,
  replicas: number,
  ready: number,
  more: Record<string, unknown> = {},
): ApiObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, uid: `uid-${name}`, generation: 1 },
    spec: { replicas, template: { spec: { containers: [{ name: "app", image: "nginx:1.27" }] } } },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: ready,
      readyReplicas: ready,
    },
    ...more,
  };
}

/** A Pod in a phase. */
export function pod(name: string, phase: string, more: Record<string, unknown> = {}): ApiObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, uid: `uid-${name}` }, status: { phase }, ...more };
}
