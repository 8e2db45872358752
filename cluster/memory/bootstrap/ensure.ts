/** Creating what is not there yet: a cluster that starts again on its old state keeps it. */
import type { Client, KindRef } from "../api/client.ts";
import { StatusError } from "../api/status.ts";
import type { KubeObject, Partially } from "../kinds/object.ts";

/** @returns the object that is there now, and whether it was made just now */
export async function ensure<T extends KubeObject>(
  client: Client,
  kind: KindRef<T>,
  object: Partially<T>,
): Promise<{ readonly object: T; readonly created: boolean }> {
  try {
    return { object: await client.create<T>(kind, object), created: true };
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === "AlreadyExists")) throw error;
    const { namespace, name } = (object as KubeObject).metadata;
    return { object: await client.get<T>(kind, namespace, name!), created: false };
  }
}
