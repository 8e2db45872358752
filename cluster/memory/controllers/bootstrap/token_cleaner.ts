/**
 * Deletes bootstrap tokens that have expired.
 *
 * Source: `pkg/controller/bootstrap/tokencleaner.go`.
 */
import { splitKey } from "../../api/informer.ts";
import { secrets as secretKind } from "../../api/kind_refs.ts";
import { BOOTSTRAP_TOKEN_TYPE, bootstrapTokenExpiry } from "../../kinds/core/bootstrap_token.ts";
import type { Secret } from "../../kinds/schema/types.ts";
import {
  type Controller,
  type ControllerContext,
  isConflict,
  isNotFound,
  keyOfObject,
  reconcileQueue,
} from "../controller.ts";

export function startTokenCleaner(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const secrets = informers.for<Secret>(secretKind);
  const queue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const secret = secrets.get(namespace, name);
    const expiry = secret && bootstrapTokenExpiry(secret);
    if (expiry === undefined) return;
    const left = expiry - clock.now();
    // In the background: a cluster in which a token only grows old has settled.
    if (left > 0) return queue.addAfter(key, left, true);
    try {
      await client.delete(secretKind, namespace, name, { preconditions: { uid: secret!.metadata.uid } });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  });
  const add = (secret: Secret) => {
    if (secret.type === BOOTSTRAP_TOKEN_TYPE && secret.metadata.namespace === "kube-system") {
      queue.add(keyOfObject(secret));
    }
  };
  secrets.on({ added: add, updated: (secret) => add(secret) });
  return queue;
}
