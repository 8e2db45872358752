/** A node that is cut off: what its kubelet asks of the API never arrives, and is asked again when the node is back. */
import type { Client } from "../api/client.ts";

/** The API server cannot be reached. */
export class Disconnected extends Error {
  override readonly name = "Disconnected";
}

/** A client whose requests fail while the node is cut off. */
export function whileConnected(client: Client, isConnected: () => boolean): Client {
  const send = <A extends unknown[], T>(request: (...args: A) => Promise<T>) => (...args: A): Promise<T> =>
    isConnected() ? request(...args) : Promise.reject(new Disconnected("the API server cannot be reached"));
  return {
    get: send(client.get),
    list: send(client.list),
    create: send(client.create),
    update: send(client.update),
    updateStatus: send(client.updateStatus),
    patch: send(client.patch),
    delete: send(client.delete),
    post: send(client.post),
    watch: client.watch,
  } as Client;
}
