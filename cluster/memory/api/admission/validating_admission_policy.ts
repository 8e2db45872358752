/**
 * ValidatingAdmissionPolicy: rules in CEL that refuse objects, or warn of them.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/validating/{dispatcher,validator}.go`.
 */
import { type Budget, OBJECT_BUDGET } from "../../kinds/cel/program.ts";
import { fromJson } from "../../kinds/cel/values.ts";
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from "../../kinds/schema/types.ts";
import { StatusError } from "../status.ts";
import { type AdmissionPlugin, type Attributes, refuse } from "./plugin.ts";
import type { PolicyContext } from "./policy/context.ts";
import { dispatch, ignoresFailures, type Invocation } from "./policy/dispatch.ts";
import { ExpressionError } from "./policy/failures.ts";
import { inputsOf } from "./policy/inputs.ts";

type Policy = ValidatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding;

/** Why a policy does not let a request pass. */
interface Objection {
  readonly message: string;
  readonly reason?: string;
}

interface Denial extends Objection {
  readonly policy: Policy;
  readonly binding?: Binding;
}

export function validatingAdmissionPolicy(context: PolicyContext): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionPolicy",
    validate(attributes) {
      const { invocations, misconfigured } = dispatch<Policy, Binding>("validating", attributes, context);
      const denials: Denial[] = misconfigured.filter(({ policy }) => !ignoresFailures(policy));
      for (const invocation of invocations) {
        const { policy, binding } = invocation;
        const { objections, badAnnotations } = judge(invocation, attributes, context);
        for (const objection of objections) {
          for (const action of binding.spec.validationActions ?? []) {
            if (action === "Deny") denials.push({ ...objection, policy, binding });
            else if (action === "Warn") attributes.warn(warning(policy, binding, objection));
          }
        }
        // Whatever the binding's actions are.
        for (const message of badAnnotations) denials.push({ message, policy, binding });
      }
      if (denials.length > 0) throw denial(attributes, denials[0]);
    },
  };
}

function warning(policy: Policy, binding: Binding, { message }: Objection): string {
  const names = `'${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  return `Validation failed for ValidatingAdmissionPolicy ${names}: ${message}`;
}

interface Judgement {
  readonly objections: readonly Objection[];
  /** What is wrong with annotations of the audit log. */
  readonly badAnnotations: readonly string[];
}

const NOTHING: Judgement = { objections: [], badAnnotations: [] };

function judge(
  { policy, params, version, expressions }: Invocation<Policy, Binding>,
  attributes: Attributes,
  context: PolicyContext,
): Judgement {
  const { matchConditions, validations = [], auditAnnotations = [], failurePolicy } = policy.spec;
  const inputs = { ...inputsOf(attributes, version, context), params: fromJson(params) };
  const budget: Budget = { steps: OBJECT_BUDGET };
  const failed = (error: unknown): Objection[] => {
    if (!(error instanceof ExpressionError)) throw error;
    return ignoresFailures(policy) ? [] : [{ message: error.message }];
  };
  try {
    if (!expressions.conditionsHold(matchConditions, inputs, failurePolicy)) return NOTHING;
  } catch (error) {
    return { objections: failed(error), badAnnotations: [] };
  }
  const all = expressions.withVariables(inputs, budget);
  const objections = validations.flatMap((validation) => {
    try {
      if (expressions.evaluate(validation.expression, all, budget) === true) return [];
      const told = messageOf(validation, (source) => {
        // Messages do not ask who may do what.
        return expressions.evaluate(source, all, budget, { authorizer: false, variables: true });
      });
      return [{ message: told, reason: validation.reason ?? "Invalid" }];
    } catch (error) {
      return failed(error);
    }
  });
  const badAnnotations = auditAnnotations.flatMap(({ key, valueExpression }) => {
    try {
      const value = expressions.evaluate(valueExpression, all, budget);
      return value === null || typeof value === "string" || ignoresFailures(policy) ? [] : [
        `valueExpression '${valueExpression}' of '${key}' resulted in unsupported return type. Return type must be either string or null.`,
      ];
    } catch (error) {
      return failed(error).map(({ message }) => message);
    }
  });
  return { objections, badAnnotations };
}

const LONGEST_MESSAGE = 5 * 1024;

function messageOf(
  { expression, message = "", messageExpression = "" }: Validation,
  evaluate: (source: string) => unknown,
): string {
  const fallback = message.trim() || `failed expression: ${expression.trim()}`;
  if (messageExpression === "") return fallback;
  try {
    const value = evaluate(messageExpression);
    if (typeof value !== "string") return fallback;
    const text = value.trim();
    return text === "" || text.includes("\n") || text.length > LONGEST_MESSAGE ? fallback : text;
  } catch (error) {
    if (error instanceof ExpressionError) return fallback;
    throw error;
  }
}

const CODES: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

function denial(attributes: Attributes, { policy, binding, message, reason = "Invalid" }: Denial): StatusError {
  const bound = binding === undefined ? "" : ` with binding '${binding.metadata.name}'`;
  const why = `ValidatingAdmissionPolicy '${policy.metadata.name}'${bound} denied request: ${message}`;
  const { status } = refuse(attributes, why);
  return new StatusError({
    ...status,
    reason,
    code: CODES[reason] ?? 422,
    details: { ...status.details, causes: [{ message: why }] },
  });
}
