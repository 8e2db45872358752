/**
 * Whether the listeners of a Gateway are in order, and what to say of one that is not.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#listenerconditionreason
 */
import type { Secret } from "../../kinds/schema/types.ts";
import { certificateIn } from "../ingress/certificates.ts";
import { takesHttp } from "./attachment.ts";
import { isGranted } from "./grants.ts";
import { type Gateway, GROUP, type Listener, type ReferenceGrant } from "./types.ts";

export interface ListenerView {
  readonly grants: readonly ReferenceGrant[];
  secretOf(namespace: string, name: string): Secret | undefined;
}

export interface ListenerProblem {
  /** The condition that is the wrong way round. */
  readonly condition: "Accepted" | "ResolvedRefs" | "Conflicted";
  readonly reason: string;
  readonly message: string;
}

/** The kinds of routes that listeners take here. */
export const SUPPORTED_KINDS = [{ group: GROUP, kind: "HTTPRoute" }] as const;

/** Why a listener does not listen; undefined where it does. */
export function listenerProblem(
  gateway: Gateway,
  listener: Listener,
  { grants, secretOf }: ListenerView,
): ListenerProblem | undefined {
  const { protocol, port, tls, allowedRoutes } = listener;
  if (!takesHttp(listener)) {
    const message = `protocol: Unsupported value: ${JSON.stringify(protocol)}: supported values: "HTTP", "HTTPS"`;
    return { condition: "Accepted", reason: "UnsupportedProtocol", message };
  }
  const others = gateway.spec.listeners.filter((one) => one !== listener && one.port === port);
  if (others.some((one) => takesHttp(one) && one.protocol !== protocol)) {
    const message = `Multiple listeners for the same port ${port} specify incompatible protocols; ` +
      "ensure only one protocol per port";
    return { condition: "Conflicted", reason: "ProtocolConflict", message };
  }
  const kind = allowedRoutes?.kinds?.find((one) =>
    !SUPPORTED_KINDS.some((known) => known.group === (one.group ?? GROUP) && known.kind === one.kind)
  );
  if (kind !== undefined) {
    const message = `Unsupported route kind "${kind.group ?? GROUP}/${kind.kind}"`;
    return { condition: "ResolvedRefs", reason: "InvalidRouteKinds", message };
  }
  if (protocol !== "HTTPS") return undefined;
  const [reference] = tls?.certificateRefs ?? [];
  const unresolved = (reason: string, message: string) => ({ condition: "ResolvedRefs" as const, reason, message });
  if (reference === undefined) return unresolved("InvalidCertificateRef", "tls.certificateRefs: Required value");
  const own = gateway.metadata.namespace ?? "";
  const { group = "", kind: wanted = "Secret", name, namespace = own } = reference;
  if (group !== "" || wanted !== "Secret") {
    return unresolved("InvalidCertificateRef", `tls.certificateRefs[0].kind: Unsupported value: ${wanted}`);
  }
  const from = { group: GROUP, kind: "Gateway", namespace: own };
  if (!isGranted(grants, { from, to: { group, kind: wanted, namespace, name } })) {
    const message = `Certificate ref to secret ${namespace}/${name} not permitted by any ReferenceGrant`;
    return unresolved("RefNotPermitted", message);
  }
  const secret = secretOf(namespace, name);
  const field = "tls.certificateRefs[0]: Invalid value";
  if (secret === undefined) return unresolved("InvalidCertificateRef", `${field}: secret does not exist`);
  if (certificateIn(secret) !== undefined) return undefined;
  return unresolved("InvalidCertificateRef", `${field}: secret has no valid certificate and key`);
}
