/** What a cluster is seen to offer beyond the API of Kubernetes itself. */
import type { Capability } from "../cluster.ts";
import type { Connection } from "./connection.ts";

const GATEWAY_CLASSES = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";

/** Never fails: what cannot be asked counts as absent. */
export async function capabilitiesFound(connection: Pick<Connection, "request">): Promise<readonly Capability[]> {
  try {
    const { items } = await connection.request("GET", GATEWAY_CLASSES) as { readonly items: readonly unknown[] };
    // Without a class, the kinds are served but nothing works for them.
    return items.length > 0 ? ["gateway-api"] : [];
  } catch {
    return [];
  }
}
