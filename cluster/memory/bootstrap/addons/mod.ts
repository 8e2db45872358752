/**
 * Add-ons: what people install with `kubectl apply` into a cluster that kubeadm has made. They are objects of the API and
 * nothing else: the controllers in their images work wherever such a pod runs, whoever has made it.
 */
import type { Client } from "../../api/client.ts";
import type { Clock } from "../../clock.ts";
import { apiVersionOf, type Kind } from "../../kinds/kind.ts";
import type { NodeConfig } from "../../kubelet/node_config.ts";
import { ensure } from "../ensure.ts";
import { createDeployment } from "../system_workloads.ts";
import type { AddonObject, AddonObjects, AddonSettings } from "./addon.ts";
import type { Addon } from "./names.ts";

const LOADERS: Readonly<Record<Addon, () => Promise<(settings: AddonSettings) => AddonObjects>>> = {
  "ingress-nginx": async () => (await import("./ingress_nginx.ts")).ingressNginx,
  "gateway-api": async () => (await import("./gateway_api.ts")).gatewayApi,
};

export interface InstallOptions extends AddonSettings {
  /** An administrator. */
  readonly client: Client;
  readonly clock: Clock;
  readonly nodes: readonly NodeConfig[];
  /** What is served; definitions add to it. */
  readonly served: { kinds(): readonly Kind[]; onChange(listener: () => void): void };
}

/** Pods' addresses that a node's own ones may have taken already. */
const TAKEN = 2;

/** Creates what is not there yet. */
export async function installAddons(addons: readonly Addon[], options: InstallOptions): Promise<void> {
  const { client, clock, nodes, served } = options;
  for (const [i, addon] of [...new Set(addons)].entries()) {
    const { objects, deployment } = (await LOADERS[addon]())(options);
    for (const object of objects) {
      await ensure(client, await kindOf(object, served), object);
    }
    await createDeployment({ client, clock, nodes }, deployment, { node: nodes[1] ?? nodes[0], first: TAKEN + i });
  }
}

/** The kind of an object: that of a definition is served some time after the definition was created. */
async function kindOf({ apiVersion, kind }: AddonObject, served: InstallOptions["served"]): Promise<Kind> {
  const find = () => served.kinds().find((one) => apiVersionOf(one) === apiVersion && one.kind === kind);
  return find() ?? await new Promise<Kind>((resolve) =>
    served.onChange(() => {
      const found = find();
      if (found !== undefined) resolve(found);
    })
  );
}
