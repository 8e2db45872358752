/**
 * `kubectl create token`: a token for a service account, signed by the cluster.
 *
 * Source: `pkg/registry/core/serviceaccount/storage/token.go`, `pkg/apis/authentication/validation`.
 */
import { child, invalid as invalidField } from "../../kinds/field_error.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { shapeOf } from "../../kinds/schema/shape.ts";
import type { BoundObjectReference, Node, Pod, TokenRequest } from "../../kinds/schema/types.ts";
import { ISSUER, type Reference, type ServiceAccountTokens } from "../authn/service_account_tokens.ts";
import { validateAdmission } from "../registry/admission.ts";
import { type Call, type Core, keyOf } from "../registry/call.ts";
import { get } from "../registry/get.ts";
import type { SubresourceHandler } from "../registry/subresource.ts";
import { badRequest, conflict, invalid, notFound } from "../status.ts";
import { timestamp } from "../timestamps.ts";

const KIND = { group: "authentication.k8s.io", name: "TokenRequest" };
const [SHORTEST, DEFAULT] = [600, 3600];
/**
 * A pod's token for the API lives a year, for the sake of programs that read it once; the kubelet replaces it as if it
 * lived as long as was asked for, which is this long in the volumes that admission adds.
 */
const [EXTENDED_IF, EXTENDED] = [3607, 365 * 24 * 3600];

async function request(core: Core, call: Call, asked: Draft<TokenRequest>, tokens: ServiceAccountTokens) {
  const { metadata } = asked;
  for (const field of ["name", "namespace"] as const) {
    const value = metadata?.[field];
    if (!value || value === call[field]) continue;
    const what = field === "name" ? "name" : "namespace";
    const why = `must match the service account ${what} if specified`;
    throw invalid(KIND, call.name, [invalidField(child("metadata", field), value, why)]);
  }
  const account = get(core, { ...call, subresource: "" });
  const uid = account.metadata.uid!;
  if (metadata?.uid && metadata.uid !== uid) {
    const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`;
    throw conflict({ group: KIND.group, name: KIND.name }, call.name, why);
  }
  const { audiences, boundObjectRef, expirationSeconds = DEFAULT } = asked.spec;
  const spec = { audiences: audiences?.length ? audiences : [ISSUER], expirationSeconds, boundObjectRef };
  const now = core.clock.now();
  const complete = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name: call.name, namespace: call.namespace, uid, creationTimestamp: timestamp(now) },
    spec,
  };
  if (expirationSeconds < SHORTEST || expirationSeconds > 2 ** 32) {
    const limit = expirationSeconds < SHORTEST ? "less than 10 minutes" : "larger than 2^32 seconds";
    const error = invalidField("spec.expirationSeconds", expirationSeconds, `may not specify a duration ${limit}`);
    throw invalid(KIND, "", [error]);
  }
  await validateAdmission(core, call, "CREATE", complete as unknown as Draft<KubeObject>, undefined);
  const bound = !boundObjectRef ? {} : bind(core, call, boundObjectRef as BoundObjectReference);
  const token = await tokens.issue({
    namespace: call.namespace,
    serviceAccount: { name: call.name, uid },
    audiences: spec.audiences,
    ...lifetime(expirationSeconds, spec.audiences, bound),
    ...bound,
  });
  return { ...complete, status: { token, expirationTimestamp: timestamp(now + expirationSeconds * 1000) } };
}

function lifetime(expirationSeconds: number, audiences: readonly string[], bound: { readonly pod?: Reference }) {
  const extended = expirationSeconds === EXTENDED_IF && bound.pod !== undefined &&
    audiences.every((audience) => audience === ISSUER);
  return extended ? { expirationSeconds: EXTENDED, warnAfterSeconds: expirationSeconds } : { expirationSeconds };
}

/** The object that a token ends with. @throws {StatusError} */
function bind(core: Core, call: Call, reference: BoundObjectReference) {
  const { apiVersion = "", kind = "", name = "", uid } = reference;
  const bucket = apiVersion === "v1" ? ({ Pod: "pods", Secret: "secrets", Node: "nodes" } as const)[kind] : undefined;
  if (bucket === undefined) {
    throw badRequest(`cannot bind token to object of type /${apiVersion}, Kind=${kind}`);
  }
  const key = bucket === "nodes" ? name : keyOf(call.namespace, name);
  const found = core.store.get<KubeObject>(bucket, key)?.object;
  if (found === undefined) throw notFound({ group: "", name: bucket }, name);
  if (uid && uid !== found.metadata.uid) {
    const why =
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have ` +
      "been deleted and then recreated";
    throw conflict({ group: "", name: bucket }, name, why);
  }
  const itself: Reference = { name, uid: found.metadata.uid! };
  if (bucket === "nodes") return { node: itself };
  if (bucket === "secrets") return { secret: itself };
  const { spec } = found as unknown as Pod;
  if (spec.serviceAccountName !== call.name) {
    const account = JSON.stringify(call.name);
    throw badRequest(
      `cannot bind token for serviceaccount ${account} to pod running with different serviceaccount name.`,
    );
  }
  if (!spec.nodeName) return { pod: itself };
  const node = core.store.get<Node>("nodes", spec.nodeName)?.object;
  return { pod: itself, node: { name: spec.nodeName, uid: node?.metadata.uid ?? "" } };
}

/** POST …/serviceaccounts/NAME/token */
export const tokenRequest = (tokens: ServiceAccountTokens): SubresourceHandler => ({
  type: {
    group: "authentication.k8s.io",
    version: "v1",
    kind: "TokenRequest",
    shape: shapeOf("authentication.v1.TokenRequest"),
  },
  create: (core, call, body) => request(core, call, body as unknown as Draft<TokenRequest>, tokens),
});
