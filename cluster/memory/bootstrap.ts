/**
 * What is in a cluster before anybody has done anything.
 *
 * Source: `pkg/controlplane/controller/{systemnamespaces,kubernetesservice}`, `kubeadm init`.
 */
import { bootstrapPolicy } from "./api/authz/bootstrap_policy.ts";
import type { Client, KindRef } from "./api/client.ts";
import { namespaces } from "./api/kind_refs.ts";
import { administrator, type Api } from "./api/mod.ts";
import { StatusError } from "./api/status.ts";
import type { KubeObject, Partially } from "./kinds/object.ts";

const NAMESPACES = ["kube-system", "kube-public", "kube-node-lease", "default"];

/** Creates what is not there yet. */
export async function bootstrap(api: Api): Promise<void> {
  const client = api.client(administrator, { manager: "kube-apiserver" });
  for (const name of NAMESPACES) await ensure(client, namespaces, { metadata: { name } });
  for (const object of bootstrapPolicy()) {
    const [group, version] = object.apiVersion!.split("/");
    const plural = `${object.kind!.toLowerCase()}s`;
    if (api.kinds.find(group, version, plural) === undefined) continue;
    await ensure(client, { group, version, plural, kind: object.kind! }, object);
  }
}

async function ensure(client: Client, kind: KindRef, object: Partially<KubeObject>): Promise<void> {
  try {
    await client.create(kind, object);
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === "AlreadyExists")) throw error;
  }
}
