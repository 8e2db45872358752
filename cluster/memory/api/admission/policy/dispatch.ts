/**
 * The policies that are to judge a request, each with its binding and its parameters.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go`.
 */
import type { JsonObject } from "../../../kinds/json.ts";
import type { KubeObject } from "../../../kinds/object.ts";
import type { MatchCondition, MatchResources, ParamKind, ParamRef, Variable } from "../../../kinds/schema/types.ts";
import type { Served } from "../../registry/served.ts";
import type { Attributes } from "../plugin.ts";
import { isAdmissionConfiguration } from "../resource_rule.ts";
import type { PolicyContext } from "./context.ts";
import { Expressions } from "./expressions.ts";
import { ConfigurationError } from "./failures.ts";
import { matchedVersion } from "./matching.ts";
import { collectParams, servedParams } from "./params.ts";

export interface Policy extends KubeObject {
  readonly spec: {
    readonly failurePolicy?: string;
    readonly matchConditions?: readonly MatchCondition[];
    readonly matchConstraints?: MatchResources;
    readonly paramKind?: ParamKind;
    readonly variables?: readonly Variable[];
  };
}

export interface Binding extends KubeObject {
  readonly spec: {
    readonly policyName?: string;
    readonly matchResources?: MatchResources;
    readonly paramRef?: ParamRef;
  };
}

export interface Invocation<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding: B;
  readonly params: JsonObject | null;
  /** The version of the resource that the policy asks for. */
  readonly version: Pick<Served, "group" | "version">;
  readonly expressions: Expressions;
}

/** Something is wrong with a policy, or with one of its bindings. */
export interface Misconfigured<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding?: B;
  /** "failed to configure binding: …" */
  readonly message: string;
}

export interface Dispatched<P extends Policy, B extends Binding> {
  /** By the names of policies, then of bindings. */
  readonly invocations: readonly Invocation<P, B>[];
  readonly misconfigured: readonly Misconfigured<P, B>[];
}

/** Who somebody is and what they may do is asked by everything else; all other kinds of these groups do not exist. */
const isExempt = (attributes: Attributes): boolean =>
  isAdmissionConfiguration(attributes) || ["authentication.k8s.io", "authorization.k8s.io"].includes(attributes.group);

const NOTHING = { invocations: [], misconfigured: [] };

/** @param type "validating" or "mutating" */
export function dispatch<P extends Policy, B extends Binding>(
  type: string,
  attributes: Attributes,
  context: PolicyContext,
): Dispatched<P, B> {
  const policies = context.store.list<P>(`admissionregistration.k8s.io/${type}admissionpolicies`);
  if (policies.length === 0 || isExempt(attributes)) return NOTHING;
  const bindings = context.store.list<B>(`admissionregistration.k8s.io/${type}admissionpolicybindings`)
    .map(({ object }) => object);
  const invocations: Invocation<P, B>[] = [];
  const misconfigured: Misconfigured<P, B>[] = [];
  for (const { object: policy } of policies) {
    const own = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
    // A policy that is not bound does nothing, not even when it is wrong.
    if (own.length === 0) continue;
    const version = matchedVersion(policy.spec.matchConstraints ?? {}, attributes, context);
    if (version === undefined) continue;
    const served = configured(() => servedParams(policy.spec.paramKind, context));
    if (served instanceof ConfigurationError) {
      misconfigured.push({ policy, message: `failed to configure policy: ${served.message}` });
      continue;
    }
    for (const binding of own) {
      const { matchResources, paramRef } = binding.spec;
      if (matchResources !== undefined && matchedVersion(matchResources, attributes, context) === undefined) continue;
      const found = configured(() => collectParams(served, paramRef, attributes.namespace, context));
      if (found instanceof ConfigurationError) {
        misconfigured.push({ policy, binding, message: `failed to configure binding: ${found.message}` });
        continue;
      }
      const expressions = expressionsOf(policy);
      for (const params of found) invocations.push({ policy, binding, params, version, expressions });
    }
  }
  return { invocations, misconfigured };
}

function configured<T>(make: () => T): T | ConfigurationError {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

const compiled = new WeakMap<Policy, Expressions>();

function expressionsOf(policy: Policy): Expressions {
  let expressions = compiled.get(policy);
  if (expressions === undefined) {
    expressions = new Expressions(policy.spec.paramKind !== undefined, policy.spec.variables);
    compiled.set(policy, expressions);
  }
  return expressions;
}

/** Whether a policy lets a request pass that it cannot judge. */
export const ignoresFailures = ({ spec }: Policy): boolean => spec.failurePolicy === "Ignore";
