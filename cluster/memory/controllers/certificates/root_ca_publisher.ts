/**
 * Publishes the certificate of the API's authority in each namespace, for the pods there.
 *
 * Source: `pkg/controller/certificates/rootcacertpublisher`.
 */
import { configMaps as configMapKind, namespaces as namespaceKind } from "../../api/kind_refs.ts";
import type { ConfigMap, Namespace } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  isAlreadyExists,
  isNamespaceTerminating,
  reconcileQueue,
} from "../controller.ts";

const NAME = "kube-root-ca.crt";
const DESCRIPTION = "kubernetes.io/description";
const TEXT =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as " +
  "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes " +
  "clusters.";

export function startRootCaPublisher(context: ControllerContext): Controller {
  const { client, informers, options: { rootCa } } = context;
  const namespaces = informers.for<Namespace>(namespaceKind);
  const configMaps = informers.for<ConfigMap>(configMapKind);

  const reconcile = async (namespace: string): Promise<void> => {
    if (rootCa === undefined) return;
    const { status } = namespaces.get(undefined, namespace) ?? {};
    if (status === undefined || status.phase === "Terminating") return;
    const data = { "ca.crt": rootCa };
    const current = configMaps.get(namespace, NAME);
    if (current === undefined) return await create(namespace, data);
    const { annotations } = current.metadata;
    if (same(current.data, data) && annotations?.[DESCRIPTION] !== undefined) return;
    const metadata = { ...current.metadata, annotations: { ...annotations, [DESCRIPTION]: TEXT } };
    await client.update(configMapKind, { ...current, metadata, data });
  };

  const create = async (namespace: string, data: Readonly<Record<string, string>>) => {
    const metadata = { name: NAME, namespace, annotations: { [DESCRIPTION]: TEXT } };
    try {
      await client.create(configMapKind, { apiVersion: "v1", kind: "ConfigMap", metadata, data });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  };

  const queue = reconcileQueue(context, reconcile);
  const add = ({ metadata }: Namespace) => queue.add(metadata.name!);
  namespaces.on({ added: add, updated: (namespace) => add(namespace) });
  const own = ({ metadata }: ConfigMap) => {
    if (metadata.name === NAME) queue.add(metadata.namespace!);
  };
  configMaps.on({ updated: (configMap) => own(configMap), deleted: own });
  return queue;
}
