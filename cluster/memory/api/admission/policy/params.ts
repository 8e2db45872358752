/**
 * The objects that a binding gives to its policy as parameters.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go` (CollectParams).
 */
import type { JsonObject } from "../../../kinds/json.ts";
import { labelSelectorMatches } from "../../../kinds/label_selector.ts";
import type { KubeObject } from "../../../kinds/object.ts";
import type { ParamKind, ParamRef } from "../../../kinds/schema/types.ts";
import { inVersion, type Served } from "../../registry/served.ts";
import { ConfigurationError } from "./failures.ts";
import type { PolicyContext } from "./context.ts";

/** What is served as a policy's parameters; undefined for a policy without. */
export function servedParams(kind: ParamKind | undefined, { kinds }: PolicyContext): Served | undefined {
  if (kind === undefined) return undefined;
  const { apiVersion = "" } = kind;
  const found = kinds.all().find((served) => served.apiVersion === apiVersion && served.kind.kind === kind.kind);
  if (found !== undefined) return found;
  const named = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  throw new ConfigurationError(`failed to find resource referenced by paramKind: '${named}, Kind=${kind.kind}'`);
}

/**
 * The parameters, one evaluation for each; null where the policy is evaluated without.
 *
 * @param namespace of the request
 * @throws {ConfigurationError}
 */
export function collectParams(
  served: Served | undefined,
  reference: ParamRef | undefined,
  namespace: string,
  { store }: PolicyContext,
): readonly (JsonObject | null)[] {
  if (served === undefined || reference === undefined) return [null];
  const { name = "", selector, parameterNotFoundAction } = reference;
  const { namespaced } = served.kind;
  const within = reference.namespace || namespace;
  if (namespaced && within === "") {
    throw new ConfigurationError(
      "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
    );
  }
  if (!namespaced && reference.namespace) {
    throw new ConfigurationError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
  }
  const prefix = namespaced ? `${within}/` : "";
  const found = name === ""
    ? store.list<KubeObject>(served.bucket, prefix).filter(({ object }) =>
      labelSelectorMatches(selector ?? {}, object.metadata.labels)
    )
    : [store.get<KubeObject>(served.bucket, prefix + name)].filter((entry) => entry !== undefined);
  if (found.length === 0 && parameterNotFoundAction === "Deny") {
    throw new ConfigurationError("no params found for policy binding with `Deny` parameterNotFoundAction");
  }
  const { apiVersion, kind: { kind } } = served;
  return found.map(({ object }) => ({ ...inVersion(served, object), apiVersion, kind }) as unknown as JsonObject);
}
