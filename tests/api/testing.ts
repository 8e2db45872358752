/** One line to an API for tests: virtual time, every kind, a client that may do everything. */
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { administrator, type Api, type ApiOptions, openApi } from "../../cluster/memory/api/mod.ts";
import type { Client } from "../../cluster/memory/api/client.ts";
import { namespaces, serviceAccounts } from "../../cluster/memory/api/kind_refs.ts";
import { allKinds } from "../../cluster/memory/kinds/all.ts";

export interface TestApi {
  readonly api: Api;
  readonly clock: VirtualClock;
  /** Makes its requests as an administrator. */
  readonly client: Client;
}

/** An API with the namespace `default` and its ServiceAccount. Options replace what it would have. */
export async function testApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const clock = virtualClock();
  const api = openApi({ clock, kinds: allKinds, ...options });
  const client = api.client(administrator);
  await client.create(namespaces, { metadata: { name: "default" } });
  await client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
  return { api, clock, client };
}
