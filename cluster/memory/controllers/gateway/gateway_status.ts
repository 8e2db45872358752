/**
 * What a Gateway's status says: of itself, and of each of its listeners.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatus; the words are NGINX Gateway Fabric's
 * (`internal/controller/state/conditions`).
 */
import type { Namespace } from "../../kinds/schema/types.ts";
import { attach, refersTo } from "../../network/gateway/attachment.ts";
import { type ListenerProblem, listenerProblem, type ListenerView } from "../../network/gateway/listeners.ts";
import { SUPPORTED_KINDS } from "../../network/gateway/listeners.ts";
import type { Gateway, HTTPRoute, Listener } from "../../network/gateway/types.ts";
import { conditionsOf, isFalse, isTrue, type Wanted } from "./conditions.ts";

export interface GatewayView extends ListenerView {
  readonly routes: readonly HTTPRoute[];
  namespaceOf(name: string): Namespace | undefined;
}

/** @param addresses where it is reached; none while it waits for one */
export function gatewayStatus(
  gateway: Gateway,
  addresses: readonly string[],
  view: GatewayView,
  now: number,
): NonNullable<Gateway["status"]> {
  const { metadata: { generation = 1 }, spec: { listeners }, status: old } = gateway;
  const problems = listeners.map((listener) => listenerProblem(gateway, listener, view));
  const conditions = (wanted: readonly Wanted[], name?: string) => {
    const previous = name === undefined ? old : old?.listeners?.find((one) => one.name === name);
    return conditionsOf(wanted, previous?.conditions, generation, now);
  };
  return {
    ...addresses.length === 0 ? {} : { addresses: addresses.map((value) => ({ type: "IPAddress", value })) },
    conditions: conditions(ofGateway(problems, addresses.length > 0)),
    listeners: listeners.map((listener, i) => ({
      name: listener.name,
      supportedKinds: problems[i]?.reason === "InvalidRouteKinds" ? [] : SUPPORTED_KINDS,
      attachedRoutes: view.routes.filter((route) => isAttached(route, gateway, listener, view)).length,
      conditions: conditions(ofListener(problems[i]), listener.name),
    })),
  };
}

const isAttached = (route: HTTPRoute, gateway: Gateway, listener: Listener, { namespaceOf }: GatewayView) =>
  (route.spec.parentRefs ?? []).some((parent) => {
    if (!refersTo(parent, route, gateway)) return false;
    const attachment = attach(route, parent, gateway, namespaceOf);
    return attachment.accepted && attachment.to.some((one) => one.listener.name === listener.name);
  });

function ofGateway(problems: readonly (ListenerProblem | undefined)[], hasAddress: boolean): readonly Wanted[] {
  const broken = problems.filter((problem) => problem !== undefined).length;
  if (broken === problems.length) {
    const message = "The Gateway has no valid listeners";
    return [isFalse("Accepted", "ListenersNotValid", message), isFalse("Programmed", "Invalid", message)];
  }
  const accepted = broken === 0
    ? isTrue("Accepted", "Accepted", "The Gateway is accepted")
    : isTrue("Accepted", "ListenersNotValid", "The Gateway has at least one valid listener");
  return [
    accepted,
    hasAddress
      ? isTrue("Programmed", "Programmed", "The Gateway is programmed")
      : isFalse("Programmed", "AddressNotAssigned", "The Gateway waits for an address of its Service"),
  ];
}

function ofListener(problem: ListenerProblem | undefined): readonly Wanted[] {
  const good: readonly Wanted[] = [
    isTrue("Accepted", "Accepted", "The Listener is accepted"),
    isTrue("Programmed", "Programmed", "The Listener is programmed"),
    isTrue("ResolvedRefs", "ResolvedRefs", "All references are resolved"),
    isFalse("Conflicted", "NoConflicts", "No conflicts"),
  ];
  if (problem === undefined) return good;
  const { condition, reason, message } = problem;
  return good.map((one) => {
    if (one.type === "Conflicted") return condition === one.type ? isTrue(one.type, reason, message) : one;
    if (one.type === "Programmed") return isFalse(one.type, "Invalid", message);
    // A conflict, or a certificate that is not there, keeps the listener from being accepted too.
    return one.type === condition || one.type === "Accepted" ? isFalse(one.type, reason, message) : one;
  });
}
