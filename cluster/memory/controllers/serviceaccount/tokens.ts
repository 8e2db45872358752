/**
 * Fills in the Secrets that ask for a service account's token, and deletes those whose account is gone.
 *
 * Source: `pkg/controller/serviceaccount/tokens_controller.go`.
 */
import { Buffer } from "node:buffer";
import { splitKey } from "../../api/informer.ts";
import { secrets as secretKind, serviceAccounts as serviceAccountKind } from "../../api/kind_refs.ts";
import type { Secret, ServiceAccount } from "../../kinds/schema/types.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  inNamespace,
  isConflict,
  isNotFound,
  keyOfObject,
  reconcileQueue,
} from "../controller.ts";

const TYPE = "kubernetes.io/service-account-token";
const ACCOUNT_NAME = "kubernetes.io/service-account.name";
const ACCOUNT_UID = "kubernetes.io/service-account.uid";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Which account's token a Secret is for. */
function accountOf({ type, metadata: { annotations = {} } }: Secret) {
  const name = annotations[ACCOUNT_NAME];
  return type === TYPE && name ? { name, uid: annotations[ACCOUNT_UID] || undefined } : undefined;
}

export function startTokensController(context: ControllerContext): Controller {
  const { client, informers, options: { rootCa, secretToken } } = context;
  const accounts = informers.for<ServiceAccount>(serviceAccountKind);
  const secrets = indexByNamespace(informers.for<Secret>(secretKind));

  const fill = async (secret: Secret, { metadata: { name = "", uid = "" } }: ServiceAccount): Promise<void> => {
    const { namespace, annotations } = secret.metadata;
    const data: Record<string, string> = {
      ...secret.data,
      ...rootCa ? { "ca.crt": base64(rootCa) } : {},
      namespace: secret.data?.namespace || base64(namespace!),
    };
    if (!data.token && secretToken !== undefined) {
      const own = { name: secret.metadata.name!, uid: secret.metadata.uid! };
      data.token = base64(await secretToken({ namespace: namespace!, serviceAccount: { name, uid }, secret: own }));
    }
    const complete = ["ca.crt", "namespace", "token"] as const;
    if (complete.every((key) => data[key] === secret.data?.[key])) return;
    const metadata = {
      ...secret.metadata,
      annotations: { ...annotations, [ACCOUNT_NAME]: name, [ACCOUNT_UID]: uid },
    };
    await client.update(secretKind, { ...secret, metadata, data });
  };

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const secret = secrets.get(namespace, name);
    const wanted = secret && accountOf(secret);
    if (secret === undefined || wanted === undefined) return;
    try {
      // The account may have been made a moment ago: its absence is believed only from the API.
      const account = await client.get(serviceAccountKind, namespace, wanted.name).catch(absent);
      if (account !== undefined && (wanted.uid === undefined || wanted.uid === account.metadata.uid)) {
        return await fill(secret, account);
      }
      await client.delete(secretKind, namespace, name, { preconditions: { uid: secret.metadata.uid } });
    } catch (error) {
      // Somebody else changed the Secret, which will be told.
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  };
  const queue = reconcileQueue(context, reconcile, { retries: 10 });
  const add = (secret: Secret) => {
    if (accountOf(secret) !== undefined) queue.add(keyOfObject(secret));
  };
  secrets.on({ added: add, updated: (secret) => add(secret) });
  accounts.on({
    deleted({ metadata: { namespace, name } }) {
      for (const secret of inNamespace(secrets, namespace!)) if (accountOf(secret)?.name === name) add(secret);
    },
  });
  return queue;
}

function absent(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
