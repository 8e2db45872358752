/** The whole control plane on virtual time, and what a program in a container is told. */
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import { ServiceAccountTokens } from "../../cluster/memory/api/authn/service_account_tokens.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { generateSigningKey } from "../../cluster/memory/api/tls/certificates.ts";
import { bootstrap } from "../../cluster/memory/bootstrap.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { type Components, type ComponentsOptions, startComponents } from "../../cluster/memory/components.ts";
import { serviceCaller } from "../../cluster/memory/service_caller.ts";
import { apiVersionOf } from "../../cluster/memory/kinds/kind.ts";
import type { KubeObject, Partially } from "../../cluster/memory/kinds/object.ts";
import type { Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { eventsOf } from "../events_of.ts";

const key = await generateSigningKey();

/** @param options beside those of every cluster: add-ons, load balancers */
export async function startCluster(options: Partial<ComponentsOptions> = {}) {
  const clock = virtualClock();
  let started: Components | undefined;
  const api = assembleApi({
    clock,
    tokens: (store) => new ServiceAccountTokens(key, clock, store),
    callService: serviceCaller({ network: () => started?.network, clock }),
  });
  await bootstrap(api);
  const reports: unknown[] = [];
  const running = started = await startComponents(api, {
    components: ["controllers", "scheduler", "kubelets"],
    ...options,
    nodes: ["controlplane", "node01", "node02"],
    report: (where, error) => void reports.push(`${where}: ${error}`),
    controllers: {
      rootCa: "CA",
      resources: () => api.kinds.kinds(),
      apiServer: { address: "172.30.1.2", port: 6443, clusterIP: "10.96.0.1" },
    },
  });
  const client = api.client(administrator);
  await clock.settle();
  const exec = async ({ metadata, spec }: Pod, ...command: string[]): Promise<string> => {
    const worker = running.kubelets!.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
    let text = "";
    let code: number | undefined;
    const write = (part: string) => void (text += part);
    worker.runtime.containers[0].process!.exec(command, { stdout: write, stderr: write }).onExit((status) =>
      code = status.code
    );
    for (let i = 0; i < 300 && code === undefined; i++) await clock.advance(1000);
    return `${text.trim()} [${code}]`;
  };
  return {
    client,
    clock,
    reports,
    [Symbol.dispose]: () => running.stop(),
    /** What a command in a pod's first container prints, and its exit code. */
    run: async (name: string, ...command: string[]): Promise<string> =>
      await exec(await client.get<Pod>(refs.pods, "default", name), ...command),
    exec,
    /** What a pod's first container has written. */
    log({ metadata, spec }: Pod): string {
      const worker = running.kubelets!.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
      return worker.runtime.containers[0].log.lines.map(({ text }) => text).join("\n");
    },
    /** Creates an object of any kind that is served. */
    async create<T extends KubeObject>(object: Partially<T> & { readonly apiVersion: string; readonly kind: string }) {
      const kind = api.kinds.kinds().find((one) => apiVersionOf(one) === object.apiVersion && one.kind === object.kind);
      if (kind === undefined) throw new Error(`nothing serves ${object.apiVersion} ${object.kind}`);
      const created = await client.create<T>(kind, object as Partially<T>);
      await clock.settle();
      return created;
    },
    /** "Normal Sync: message (xN)" of an object by its name, in the order of their first occurrence. */
    events: (name: string): Promise<string[]> => eventsOf(client, name),
    async pod(name: string, image: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
      const command = ["busybox", "nicolaka/netshoot"].includes(image) || image.startsWith("curlimages/")
        ? { command: ["sleep", "1d"] }
        : {};
      await client.create<Pod>(refs.pods, {
        metadata: { name, namespace: "default", labels },
        spec: { containers: [{ name: "app", image, ...command }] },
      });
    },
  };
}
