/** What is said of an object in a cluster under test. */
import type { Client } from "../cluster/memory/api/client.ts";
import { events } from "../cluster/memory/api/kind_refs.ts";
import type { Event } from "../cluster/memory/kinds/schema/types.ts";

/** "Normal Sync: message (xN)" for each event of an object by its name, in the order of their first occurrence. */
export async function eventsOf(client: Client, name: string): Promise<string[]> {
  const { items } = await client.list<Event>(events);
  const order = ({ metadata: { name = "" } }: Event) => name.slice(name.lastIndexOf(".") + 1);
  return items.filter(({ involvedObject }) => involvedObject.name === name)
    .sort((a, b) => order(a) < order(b) ? -1 : 1)
    .map(({ type, reason, message, count = 1 }) => `${type} ${reason}: ${message}${count > 1 ? ` (x${count})` : ""}`);
}
