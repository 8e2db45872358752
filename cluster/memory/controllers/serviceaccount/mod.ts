/**
 * Sees to it that each namespace has the ServiceAccount "default".
 *
 * Source: `pkg/controller/serviceaccount/serviceaccounts_controller.go`.
 */
import { namespaces as namespaceKind, serviceAccounts as serviceAccountKind } from "../../api/kind_refs.ts";
import type { Namespace, ServiceAccount } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isAlreadyExists, isNamespaceTerminating } from "../controller.ts";
import { reconcileQueue } from "../controller.ts";

const DEFAULT = "default";

export function startServiceAccountController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const namespaces = informers.for<Namespace>(namespaceKind);
  const serviceAccounts = informers.for<ServiceAccount>(serviceAccountKind);

  const reconcile = async (namespace: string): Promise<void> => {
    if (namespaces.get(undefined, namespace)?.status?.phase !== "Active") return;
    if (serviceAccounts.get(namespace, DEFAULT) !== undefined) return;
    try {
      await client.create(serviceAccountKind, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: DEFAULT, namespace },
      });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  };
  const queue = reconcileQueue(context, reconcile);
  const add = ({ metadata }: Namespace) => queue.add(metadata.name!);
  namespaces.on({ added: add, updated: (namespace) => add(namespace) });
  serviceAccounts.on({ deleted: ({ metadata }) => queue.add(metadata.namespace!) });
  return queue;
}
