/**
 * MutatingAdmissionPolicy: changes of objects, described in CEL.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/mutating/dispatcher.go`.
 */
import { OBJECT_BUDGET } from "../../kinds/cel/program.ts";
import { fromJson } from "../../kinds/cel/values.ts";
import { equalJson, type JsonObject } from "../../kinds/json.ts";
import { apiVersionOf } from "../../kinds/kind.ts";
import { draft, type KubeObject } from "../../kinds/object.ts";
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, Mutation } from "../../kinds/schema/types.ts";
import { decodeValue } from "../decode/mod.ts";
import type { Served } from "../registry/served.ts";
import { internalError, StatusError } from "../status.ts";
import { type AdmissionPlugin, type Attributes, refuse } from "./plugin.ts";
import type { PolicyContext } from "./policy/context.ts";
import { dispatch, ignoresFailures, type Invocation, type Misconfigured } from "./policy/dispatch.ts";
import { ExpressionError } from "./policy/failures.ts";
import { inputsOf } from "./policy/inputs.ts";
import { withConfiguration, withJsonPatch } from "./policy/mutations.ts";
import { servedAt, toVersion } from "./policy/versioned.ts";

type Policy = MutatingAdmissionPolicy;
type Binding = MutatingAdmissionPolicyBinding;

export interface MutatingPolicyContext extends PolicyContext {
  /** Fills in the defaults of the kind, after a policy has changed an object. */
  setDefaults(attributes: Attributes): void;
}

interface Problem extends Misconfigured<Policy, Binding> {
  /** "Forbidden" unless an expression is to blame. */
  readonly reason?: string;
}

export function mutatingAdmissionPolicy(context: MutatingPolicyContext): AdmissionPlugin {
  return {
    name: "MutatingAdmissionPolicy",
    admit(attributes) {
      if (attributes.object === undefined) return;
      const first = pass(attributes, context, () => true);
      let problems = first.problems;
      if (first.changed) {
        // Policies that ask for it see what the others have made of the object.
        const again = pass(attributes, context, ({ spec }) => spec.reinvocationPolicy === "IfNeeded");
        problems = [...problems, ...again.problems];
      }
      const denials = problems.filter(({ policy }) => !ignoresFailures(policy));
      if (denials.length > 0) throw denial(attributes, denials);
    },
  };
}

interface Pass {
  readonly problems: readonly Problem[];
  readonly changed: boolean;
}

function pass(attributes: Attributes, context: MutatingPolicyContext, takes: (policy: Policy) => boolean): Pass {
  const { invocations, misconfigured } = dispatch<Policy, Binding>("mutating", attributes, context);
  const problems: Problem[] = misconfigured.filter(({ policy }) => takes(policy));
  let changed = false;
  for (const invocation of invocations) {
    const { policy, binding, expressions } = invocation;
    if (!takes(policy)) continue;
    const { matchConditions, mutations = [], failurePolicy } = policy.spec;
    const attempt = (make: () => void) => {
      try {
        make();
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        problems.push({ policy, binding, message: error.message, reason: "Invalid" });
      }
    };
    attempt(() => {
      const inputs = { ...inputsOf(attributes, invocation.version, context), params: fromJson(invocation.params) };
      if (!expressions.conditionsHold(matchConditions, inputs, failurePolicy)) return;
      for (const mutation of mutations) {
        attempt(() => {
          if (mutate(mutation, invocation, attributes, context)) changed = true;
        });
      }
    });
  }
  return { problems, changed };
}

/** Makes one change; whether it changed something. */
function mutate(
  mutation: Mutation,
  { version, params, expressions }: Invocation<Policy, Binding>,
  attributes: Attributes,
  context: MutatingPolicyContext,
): boolean {
  const served = servedAt(attributes, version, context);
  // Objects of subresources are not of the kind that policies can change.
  if (served === undefined) return false;
  const budget = { steps: OBJECT_BUDGET };
  const inputs = { ...inputsOf(attributes, version, context), params: fromJson(params) };
  const isPatch = mutation.patchType === "JSONPatch";
  const source = (isPatch ? mutation.jsonPatch : mutation.applyConfiguration)?.expression ?? "";
  const result = expressions.evaluate(source, expressions.withVariables(inputs, budget), budget);
  const before = toVersion(attributes.object as KubeObject, served, attributes);
  const after = isPatch ? withJsonPatch(before, result) : withConfiguration(before, result, served.shape);
  if (equalJson(before, after)) return false;
  replace(attributes, read(after, served));
  context.setDefaults(attributes);
  return true;
}

/** The patched object as one of its kind, in the stored version. */
function read(object: JsonObject, { group, version, kind, shape, conversion }: Served): KubeObject {
  const expected = { group, version, kind: kind.kind };
  try {
    const { object: decoded } = decodeValue<KubeObject>(object, { expected, shape, fieldValidation: "Strict" });
    if (conversion === undefined) return decoded;
    return { ...conversion.toStored(decoded), apiVersion: apiVersionOf(kind), kind: kind.kind };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw internalError(/cannot be handled as a [^:]*: (.*)$/s.exec(error.message)?.[1] ?? error.message);
  }
}

function replace({ object }: Attributes, by: KubeObject): void {
  const fields = object as unknown as Record<string, unknown>;
  for (const field of Object.keys(fields)) delete fields[field];
  Object.assign(fields, draft(by));
}

function denial(attributes: Attributes, problems: readonly Problem[]): StatusError {
  const causes = problems.map(({ policy, binding, message }) => {
    const name = policy.metadata.name ?? "";
    const which = binding === undefined ? JSON.stringify(name) : `'${name}' with binding '${binding.metadata.name}'`;
    return { message: `policy ${which} denied request: ${message}` };
  });
  const { status } = refuse(attributes, "admission request denied by policy");
  return new StatusError({
    ...status,
    message: causes[0].message,
    reason: problems[0].reason ?? status.reason,
    details: { ...status.details, causes },
  });
}
