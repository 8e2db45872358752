/**
 * What the proxy of a Gateway does with a request.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
import type { Namespace, Secret } from "../../kinds/schema/types.ts";
import { roundRobin } from "../backend.ts";
import { certificateIn } from "../ingress/certificates.ts";
import {
  changedHeaders,
  hostName,
  type ProxyDecision,
  type ProxyEndpoint,
  type ProxyRequest,
  type ProxyTable,
} from "../proxy.ts";
import { attach, refersTo, takesHttp } from "./attachment.ts";
import { type ReferenceView, resolveBackend } from "./backends.ts";
import { headerChanges, redirection, rewritten } from "./filters.ts";
import { matchesHost, specificity } from "./hostnames.ts";
import { byPrecedence, matches, precedence } from "./matching.ts";
import type {
  Gateway,
  HTTPBackendRef,
  HTTPRoute,
  HTTPRouteFilter,
  HTTPRouteMatch,
  HTTPRouteRule,
  Listener,
} from "./types.ts";

export interface GatewayTableOptions {
  /** As it is now; undefined when it is gone. */
  readonly gateway: () => Gateway | undefined;
  /** Whether a listener is in order: one that is not does not listen. */
  readonly isValid: (gateway: Gateway, listener: Listener) => boolean;
  /** The oldest first. */
  readonly routes: () => readonly HTTPRoute[];
  readonly namespaceOf: (name: string) => Namespace | undefined;
  readonly secretOf: (namespace: string, name: string) => Secret | undefined;
  readonly view: ReferenceView;
  /** A number from 0 to 1, for weights. */
  readonly random: () => number;
}

interface Candidate {
  readonly route: HTTPRoute;
  readonly rule: HTTPRouteRule;
  readonly index: number;
  readonly match: HTTPRouteMatch;
  readonly rank: readonly number[];
}

/** The table of one Gateway: whoever asks it sees the Gateway and its routes as they are then. */
export function gatewayTable(options: GatewayTableOptions): ProxyTable {
  const { isValid, secretOf } = options;
  const inTurn = roundRobin();
  const listeners = (): readonly Listener[] => {
    const gateway = options.gateway();
    return gateway?.spec.listeners.filter((one) => takesHttp(one) && isValid(gateway, one)) ?? [];
  };
  /** The one that says most of the host; requests that it has no route for are not another's. */
  const listenerOf = (port: number, host: string): Listener | undefined =>
    listeners().filter((one) => one.port === port && matchesHost(one.hostname, host))
      .toSorted((a, b) => specificity(b.hostname) - specificity(a.hostname))[0];

  /** The endpoint that gets a copy of a request, where the filter says so and it is this one's turn. */
  const copyOf = ({ requestMirror: mirror }: HTTPRouteFilter, route: HTTPRoute): ProxyEndpoint | undefined => {
    if (mirror === undefined) return undefined;
    const { backendRef, percent = 100, fraction } = mirror;
    const part = fraction === undefined ? percent / 100 : fraction.numerator / (fraction.denominator ?? 100);
    if (options.random() >= part) return undefined;
    const resolved = resolveBackend(options.view, route, backendRef, "");
    return resolved.resolved ? inTurn(resolved.upstream, resolved.endpoints)?.[0] : undefined;
  };

  return {
    get ports() {
      return [...new Set(listeners().map(({ port }) => port))];
    },
    decide(request) {
      const listener = listenerOf(request.port, hostName(request.host));
      const found = listener === undefined ? undefined : candidateFor(listener, request, options);
      if (found === undefined) return { to: "client", status: 404 };
      const { route, rule, index, match } = found;
      const { filters = [], backendRefs = [] } = rule;
      // A filter that is not known here must not be passed over.
      if (filters.some(({ type }) => type === "ExtensionRef")) return { to: "client", status: 500 };
      const elsewhere = redirection(filters, match, request);
      if (elsewhere !== undefined) return elsewhere;
      const backend = weighed(backendRefs, options.random());
      if (backend === undefined) return { to: "client", status: 500 };
      const path = `spec.rules[${index}].backendRefs[${backendRefs.indexOf(backend)}]`;
      const resolved = resolveBackend(options.view, route, backend, path);
      if (!resolved.resolved) return { to: "client", status: 500 };
      const { upstream } = resolved;
      const endpoints = inTurn(upstream, resolved.endpoints);
      if (endpoints === undefined) return { to: "client", status: 503, upstream };
      const all = [...filters, ...backend.filters ?? []];
      const changed = rewritten(all, match, request);
      const headers = forwardedHeaders(request, changed.host);
      return {
        to: "backend",
        upstream,
        endpoints,
        ...changed,
        headers: changedHeaders(headers, headerChanges(all, "requestHeaderModifier")),
        https: false,
        copies: all.flatMap((filter) => copyOf(filter, route) ?? []),
        answer: headerChanges(all, "responseHeaderModifier"),
      } satisfies ProxyDecision;
    },
    certificate(port, serverName) {
      const listener = listenerOf(port, hostName(serverName));
      const namespace = options.gateway()?.metadata.namespace ?? "";
      if (listener?.protocol !== "HTTPS") return undefined;
      const [reference] = listener.tls?.certificateRefs ?? [];
      return reference && certificateIn(secretOf(reference.namespace ?? namespace, reference.name));
    },
  };
}

const ALL: HTTPRouteMatch = {};

function candidateFor(
  listener: Listener,
  request: ProxyRequest,
  { gateway, routes, namespaceOf }: GatewayTableOptions,
): Candidate | undefined {
  const host = hostName(request.host);
  const candidates = routes().flatMap((route) =>
    (route.spec.parentRefs ?? []).filter((parent) => refersTo(parent, route, gateway()!)).flatMap((parent) => {
      const attachment = attach(route, parent, gateway()!, namespaceOf);
      const attached = attachment.accepted
        ? attachment.to.find((one) => one.listener.name === listener.name)
        : undefined;
      const fitting = attached?.hostnames.filter((name) => matchesHost(name, host)) ?? [];
      if (fitting.length === 0) return [];
      const rank = Math.max(...fitting.map(specificity));
      return (route.spec.rules ?? [{}]).flatMap((rule: HTTPRouteRule, index) =>
        (rule.matches ?? [ALL]).filter((match) => matches(match, request))
          .map((match) => ({ route, rule, index, match, rank: [rank, ...precedence(match)] }))
      );
    })
  );
  // Sorting keeps the order of what is equal: the oldest route, and its first rule.
  return candidates.toSorted((a, b) => byPrecedence(a.rank, b.rank))[0];
}

/** One of the backends, each as often as its weight is of the sum. */
function weighed(backends: readonly HTTPBackendRef[], random: number): HTTPBackendRef | undefined {
  let left = random * backends.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return backends.find(({ weight = 1 }) => weight > 0 && (left -= weight) < 0);
}

function forwardedHeaders({ headers, from = "", https, port }: ProxyRequest, host: string) {
  const before = headers["x-forwarded-for"];
  return {
    ...headers,
    host,
    "x-real-ip": from,
    "x-forwarded-for": before === undefined ? from : `${before}, ${from}`,
    "x-forwarded-host": hostName(host),
    "x-forwarded-port": String(port),
    "x-forwarded-proto": https ? "https" : "http",
  };
}
