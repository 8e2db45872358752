/**
 * What an HTTPRoute's status says of each Gateway that it names.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#routeparentstatus; the words are NGINX Gateway Fabric's.
 */
import type { Condition } from "../../kinds/schema/types.ts";
import { attach, refersTo, type Refusal } from "../../network/gateway/attachment.ts";
import { type ReferenceView, resolveBackend, type Unresolved } from "../../network/gateway/backends.ts";
import type { Gateway, HTTPRoute, ParentReference, RouteParentStatus } from "../../network/gateway/types.ts";
import { conditionsOf, isFalse, isTrue } from "./conditions.ts";
import type { GatewayView } from "./gateway_status.ts";

const REFUSALS: Readonly<Record<Refusal, string>> = {
  NoMatchingParent: "The Listener is not found for this parent ref",
  NotAllowedByListeners: "The Route is not allowed by any Listener",
  NoMatchingListenerHostname: "The Listener hostname does not match the Route hostnames",
};

/** @param gateways those of the controller; others' entries stay as they are */
export function routeParents(
  route: HTTPRoute,
  gateways: readonly Gateway[],
  controllerName: string,
  view: GatewayView & ReferenceView,
  now: number,
): readonly RouteParentStatus[] {
  const { metadata: { generation = 1 }, spec: { parentRefs = [] } } = route;
  const old = route.status?.parents ?? [];
  const own = parentRefs.flatMap((parentRef): readonly RouteParentStatus[] => {
    const gateway = gateways.find((one) => refersTo(parentRef, route, one));
    if (gateway === undefined) return [];
    const attachment = attach(route, parentRef, gateway, view.namespaceOf);
    const problem = firstProblem(route, view);
    const wanted = [
      attachment.accepted
        ? isTrue("Accepted", "Accepted", "The Route is accepted")
        : isFalse("Accepted", attachment.reason, REFUSALS[attachment.reason]),
      problem === undefined
        ? isTrue("ResolvedRefs", "ResolvedRefs", "All references are resolved")
        : isFalse("ResolvedRefs", problem.reason, problem.message),
    ];
    return [{
      parentRef,
      controllerName,
      conditions: conditionsOf(wanted, previous(old, parentRef, controllerName), generation, now),
    }];
  });
  return [...old.filter((one) => one.controllerName !== controllerName), ...own];
}

function previous(
  parents: readonly RouteParentStatus[],
  { name, namespace, sectionName }: ParentReference,
  controllerName: string,
): readonly Condition[] | undefined {
  return parents.find(({ parentRef, ...one }) =>
    one.controllerName === controllerName && parentRef.name === name && parentRef.namespace === namespace &&
    parentRef.sectionName === sectionName
  )?.conditions;
}

function firstProblem(route: HTTPRoute, view: ReferenceView): Unresolved | undefined {
  for (const [i, { backendRefs = [], filters = [] }] of (route.spec.rules ?? []).entries()) {
    const references = [
      ...backendRefs.map((reference, j) => [`spec.rules[${i}].backendRefs[${j}]`, reference] as const),
      ...filters.flatMap(({ requestMirror }, j) =>
        requestMirror === undefined
          ? []
          : [[`spec.rules[${i}].filters[${j}].requestMirror.backendRef`, requestMirror.backendRef] as const]
      ),
    ];
    for (const [path, reference] of references) {
      const resolved = resolveBackend(view, route, reference, path);
      if (!resolved.resolved) return resolved.why;
    }
  }
  return undefined;
}
