/** What is asked of a proxy's table, and what it says. */
import type { ProxyDecision, ProxyRequest } from "../../cluster/memory/network/proxy.ts";

/** A request over plain HTTP. */
export const ask = (
  path: string,
  host = "any.io",
  headers: Readonly<Record<string, string>> = {},
): ProxyRequest => ({ port: 80, path, host, headers, https: false });

/** The backend's name, or the status that the proxy answers by itself. */
export const said = (decision: ProxyDecision): string =>
  decision.to === "backend" ? decision.upstream : `${decision.status}`;
