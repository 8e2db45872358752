/**
 * What the API server itself puts into an empty store: namespaces, roles, priorities, the range of service addresses.
 *
 * Source: the post-start hooks of `pkg/controlplane` and `pkg/registry/{rbac,scheduling}/rest`.
 */
import { bootstrapPolicy } from "./api/authz/bootstrap_policy.ts";
import { namespaces } from "./api/kind_refs.ts";
import { administrator, type Api } from "./api/mod.ts";
import { SERVICE_CIDR } from "./kinds/networking/service_cidr.ts";
import { ensure } from "./bootstrap/ensure.ts";
import { kubeadmRoles } from "./bootstrap/kubeadm_roles.ts";
import { apiServices } from "./kinds/bootstrap/api_services.ts";
import { systemFlowSchemas, systemPriorityLevels } from "./kinds/bootstrap/flow_control.ts";
import { systemPriorityClasses } from "./kinds/bootstrap/priority_classes.ts";
import { apiVersionOf } from "./kinds/kind.ts";
import type { KubeObject, Partially } from "./kinds/object.ts";

const NAMESPACES = ["kube-system", "kube-public", "kube-node-lease", "default"];

const serviceCidr = {
  apiVersion: "networking.k8s.io/v1",
  kind: "ServiceCIDR",
  metadata: { name: "kubernetes" },
  spec: { cidrs: [SERVICE_CIDR] },
};

/** What kubeadm adds to a cluster that it makes: its administrator may do everything by it. */
export const bootstrapKubeadm = (api: Api): Promise<void> => createAll(api, kubeadmRoles);

/** Creates what is not there yet. */
export async function bootstrap(api: Api): Promise<void> {
  const client = api.client(administrator, { manager: "kube-apiserver" });
  for (const name of NAMESPACES) await ensure(client, namespaces, { metadata: { name } });
  await createAll(api, [
    ...systemPriorityClasses(),
    serviceCidr,
    ...bootstrapPolicy(),
    ...systemPriorityLevels(),
    ...systemFlowSchemas(),
    ...apiServices(api.kinds.kinds()),
  ]);
}

async function createAll(api: Api, objects: readonly Partially<KubeObject>[]): Promise<void> {
  const client = api.client(administrator, { manager: "kube-apiserver" });
  const byKind = new Map(api.kinds.kinds().map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind]));
  for (const object of objects) {
    const kind = byKind.get(`${object.apiVersion} ${object.kind}`);
    if (kind !== undefined) await ensure(client, kind, object);
  }
}
