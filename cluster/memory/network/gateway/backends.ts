/** What the backend references of a rule lead to. Source: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref */
import { backendOf, type BackendView } from "../backend.ts";
import type { ProxyEndpoint } from "../proxy.ts";
import { isGranted } from "./grants.ts";
import { GROUP, type HTTPBackendRef, type HTTPRoute, type ReferenceGrant } from "./types.ts";

export interface ReferenceView extends BackendView {
  readonly grants: readonly ReferenceGrant[];
}

/** Why a reference cannot be followed, and what is to be said of it. */
export interface Unresolved {
  readonly reason: "InvalidKind" | "RefNotPermitted" | "BackendNotFound" | "UnsupportedValue";
  readonly message: string;
}

export type ResolvedBackend =
  | { readonly resolved: true; readonly upstream: string; readonly endpoints: readonly ProxyEndpoint[] }
  | { readonly resolved: false; readonly why: Unresolved };

/** @param path of the reference in the route, "spec.rules[0].backendRefs[0]" */
export function resolveBackend(
  view: ReferenceView,
  route: HTTPRoute,
  { group = "", kind = "Service", name, namespace: named, port }: HTTPBackendRef,
  path: string,
): ResolvedBackend {
  const own = route.metadata.namespace ?? "";
  const namespace = named ?? own;
  const unresolved = (reason: Unresolved["reason"], message: string): ResolvedBackend => ({
    resolved: false,
    why: { reason, message: `${path}${message}` },
  });
  if (group !== "" || kind !== "Service") {
    return unresolved("InvalidKind", `.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Service"`);
  }
  const from = { group: GROUP, kind: "HTTPRoute", namespace: own };
  if (!isGranted(view.grants, { from, to: { group, kind, namespace, name } })) {
    const what = `Backend ref to Service ${namespace}/${name} not permitted by any ReferenceGrant`;
    return unresolved("RefNotPermitted", `.namespace: Forbidden: ${what}`);
  }
  if (port === undefined) return unresolved("UnsupportedValue", ".port: Required value: port cannot be nil");
  const backend = backendOf(view, namespace, name, port);
  if (!backend.found) {
    const [field, value] = backend.missing === "service" ? ["name", JSON.stringify(name)] : ["port", String(port)];
    return unresolved("BackendNotFound", `.${field}: Not found: ${value}`);
  }
  return { resolved: true, upstream: `${namespace}_${name}_${port}`, endpoints: backend.endpoints };
}
