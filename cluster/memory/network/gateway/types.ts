/** The kinds of the Gateway API, as far as a controller reads them. Source: https://gateway-api.sigs.k8s.io/reference/spec/ */
import type { KindRef } from "../../api/client.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Condition, LabelSelector } from "../../kinds/schema/types.ts";

export const GROUP = "gateway.networking.k8s.io";

const ref = <T extends KubeObject>(plural: string, kind: string): KindRef<T> => ({
  group: GROUP,
  version: "v1",
  plural,
  kind,
});
export const gatewayClasses = ref<GatewayClass>("gatewayclasses", "GatewayClass");
export const gateways = ref<Gateway>("gateways", "Gateway");
export const httpRoutes = ref<HTTPRoute>("httproutes", "HTTPRoute");
export const referenceGrants = ref<ReferenceGrant>("referencegrants", "ReferenceGrant");

export interface GatewayClass extends KubeObject {
  readonly spec: {
    readonly controllerName: string;
    readonly parametersRef?: {
      readonly group: string;
      readonly kind: string;
      readonly name: string;
      readonly namespace?: string;
    };
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface ObjectReference {
  /** "" unless said. */
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Listener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  /** HTTP, HTTPS, TLS, TCP, UDP */
  readonly protocol: string;
  readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly ObjectReference[] };
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: string; readonly selector?: LabelSelector };
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds?: readonly { readonly group: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

export interface Gateway extends KubeObject {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners: readonly Listener[];
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
  };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly value: string }[];
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly ListenerStatus[];
  };
}

export interface ParentReference extends ObjectReference {
  readonly sectionName?: string;
  readonly port?: number;
}

export interface NameValue {
  readonly name: string;
  readonly value: string;
  /** Exact or RegularExpression. */
  readonly type?: string;
}

export interface HTTPRouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly headers?: readonly NameValue[];
  readonly queryParams?: readonly NameValue[];
  readonly method?: string;
}

export interface HeaderModifier {
  readonly set?: readonly NameValue[];
  readonly add?: readonly NameValue[];
  readonly remove?: readonly string[];
}

export interface PathModifier {
  readonly type: string;
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface HTTPRouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderModifier;
  readonly responseHeaderModifier?: HeaderModifier;
  readonly requestMirror?: {
    readonly backendRef: HTTPBackendRef;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathModifier };
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly path?: PathModifier;
    readonly port?: number;
    readonly statusCode?: number;
  };
}

export interface HTTPBackendRef extends ObjectReference {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly HTTPRouteFilter[];
}

export interface HTTPRouteRule {
  readonly matches?: readonly HTTPRouteMatch[];
  readonly filters?: readonly HTTPRouteFilter[];
  readonly backendRefs?: readonly HTTPBackendRef[];
}

export interface RouteParentStatus {
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

export interface HTTPRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly HTTPRouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

export interface ReferenceGrant extends KubeObject {
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

/** How the proxies of Gateways are run, of NGINX Gateway Fabric. */
export const nginxProxies: KindRef<NginxProxy> = {
  group: "gateway.nginx.org",
  version: "v1alpha2",
  plural: "nginxproxies",
  kind: "NginxProxy",
};

export interface NginxProxy extends KubeObject {
  readonly spec?: {
    readonly kubernetes?: {
      readonly deployment?: { readonly replicas?: number };
      readonly service?: { readonly type?: string; readonly externalTrafficPolicy?: string };
    };
  };
}
