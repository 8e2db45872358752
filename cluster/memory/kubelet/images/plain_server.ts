/** Programs of which nobody looks at more than that they run, and MongoDB among them. */
import type { Server, ServerContext } from "./image.ts";

/** A program that says that it is ready and listens. */
export const plainServer =
  (ports: readonly number[], greeting: (context: ServerContext) => readonly string[] = () => []): Server =>
  (
    context,
  ) => {
    for (const line of greeting(context)) context.out(line);
    return { ports };
  };

/** MongoDB as its official image runs it; nobody speaks its protocol here. */
export const mongo = plainServer([27017], ({ now }) => [
  `{"t":{"$date":"${
    new Date(now()).toISOString().replace("Z", "+00:00")
  }"},"s":"I",  "c":"NETWORK",  "id":23016,   "ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}`,
]);
