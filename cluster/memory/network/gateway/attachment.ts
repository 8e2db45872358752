/**
 * Which routes belong to which listeners of a Gateway, and why others do not.
 *
 * Source: https://gateway-api.sigs.k8s.io/concepts/api-overview/#attaching-routes-to-gateways
 */
import { labelSelectorMatches } from "../../kinds/label_selector.ts";
import type { Namespace } from "../../kinds/schema/types.ts";
import { commonHostnames } from "./hostnames.ts";
import { type Gateway, GROUP, type HTTPRoute, type Listener, type ParentReference } from "./types.ts";

export type Refusal = "NoMatchingParent" | "NotAllowedByListeners" | "NoMatchingListenerHostname";

export interface Attached {
  readonly listener: Listener;
  /** The names under which the listener serves the route; "" for any. */
  readonly hostnames: readonly string[];
}

/** What comes of one of a route's parent references. */
export type Attachment =
  | { readonly accepted: true; readonly to: readonly Attached[] }
  | { readonly accepted: false; readonly reason: Refusal };

/** The protocols of listeners that take HTTPRoutes. */
export const takesHttp = ({ protocol }: Listener): boolean => protocol === "HTTP" || protocol === "HTTPS";

/** Whether a parent that a route names is this Gateway. */
export function refersTo(parent: ParentReference, route: HTTPRoute, gateway: Gateway): boolean {
  const { group = GROUP, kind = "Gateway", namespace = route.metadata.namespace, name } = parent;
  return group === GROUP && kind === "Gateway" && name === gateway.metadata.name &&
    namespace === gateway.metadata.namespace;
}

/** @param parent one that {@linkcode refersTo} the gateway */
export function attach(
  route: HTTPRoute,
  parent: ParentReference,
  gateway: Gateway,
  namespaceOf: (name: string) => Namespace | undefined,
): Attachment {
  const named = gateway.spec.listeners.filter(({ name, port }) =>
    (parent.sectionName === undefined || parent.sectionName === name) &&
    (parent.port === undefined || parent.port === port)
  );
  if (named.length === 0) return { accepted: false, reason: "NoMatchingParent" };
  const open = named.filter((listener) => takesHttp(listener) && isAllowed(listener, route, gateway, namespaceOf));
  if (open.length === 0) return { accepted: false, reason: "NotAllowedByListeners" };
  const to = open.flatMap((listener): Attached[] => {
    const hostnames = commonHostnames(listener.hostname, route.spec.hostnames ?? []);
    return hostnames === undefined ? [] : [{ listener, hostnames }];
  });
  return to.length === 0 ? { accepted: false, reason: "NoMatchingListenerHostname" } : { accepted: true, to };
}

function isAllowed(
  { allowedRoutes: { namespaces = {}, kinds = [] } = {} }: Listener,
  { metadata: { namespace = "" } }: HTTPRoute,
  gateway: Gateway,
  namespaceOf: (name: string) => Namespace | undefined,
): boolean {
  if (kinds.length > 0 && !kinds.some(({ group = GROUP, kind }) => group === GROUP && kind === "HTTPRoute")) {
    return false;
  }
  switch (namespaces.from ?? "Same") {
    case "All":
      return true;
    case "Same":
      return namespace === gateway.metadata.namespace;
    case "Selector": {
      const found = namespaceOf(namespace);
      return found !== undefined && namespaces.selector !== undefined &&
        labelSelectorMatches(namespaces.selector, found.metadata.labels);
    }
    default:
      return false;
  }
}
