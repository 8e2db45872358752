/** Errors of webhooks. Source: `pkg/apis/admissionregistration/validation/validation.go`. */
import { duplicate, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { validateLabelSelector } from "../label_selector.ts";
import { dns1035Label, fullyQualifiedName } from "../names.ts";
import type { MutatingWebhook, ValidatingWebhook } from "../schema/types.ts";
import { validateMatchConditions } from "./match_conditions.ts";
import { MATCH_POLICIES, validateRule } from "./rules.ts";
import { validateClientConfig } from "../webhook_client.ts";

/** A webhook of either kind; only one that changes objects is called again. */
export type Webhook = ValidatingWebhook & Pick<MutatingWebhook, "reinvocationPolicy">;
type Webhooks = readonly Webhook[];

const REVIEWS = ["v1", "v1beta1"];
const WITHOUT_EFFECTS = ["None", "NoneOnDryRun"];
const SIDE_EFFECTS = ["None", "NoneOnDryRun", "Some", "Unknown"];
export const FAILURE_POLICIES = ["Fail", "Ignore"];
export const REINVOCATION_POLICIES = ["IfNeeded", "Never"];

interface Options {
  /** Side effects are told, and there are none. */
  readonly noSideEffects: boolean;
  readonly knownReview: boolean;
  readonly uniqueNames: boolean;
  readonly anySelectorValue: boolean;
  readonly matchConditions: boolean;
}

/** @param old the webhooks before, for an update: what was wrong there may stay */
export function validateWebhooks(webhooks: Webhooks = [], old?: Webhooks): FieldError[] {
  const options = optionsFor(webhooks, old);
  const names = new Set<string>();
  return webhooks.flatMap((webhook, i) => {
    const { name = "", admissionReviewVersions } = webhook;
    const path = `webhooks[${i}]`;
    const again = options.uniqueNames && name !== "" && names.has(name);
    names.add(name);
    return [
      ...validateWebhook(webhook, path, options),
      ...validateReviews(admissionReviewVersions ?? [], `${path}.admissionReviewVersions`, options.knownReview),
      ...again ? [duplicate(`${path}.name`, name)] : [],
    ];
  });
}

function optionsFor(webhooks: Webhooks, old: Webhooks = []): Options {
  const names = old.map(({ name }) => name);
  const isWrong = (selector: Webhook["objectSelector"]) => validateLabelSelector(selector, "").length > 0;
  return {
    noSideEffects: old.every(({ sideEffects }) => WITHOUT_EFFECTS.includes(sideEffects)),
    knownReview: old.every(({ admissionReviewVersions: versions }) =>
      !versions?.length || versions.some((version) => REVIEWS.includes(version))
    ),
    uniqueNames: new Set(names).size === names.length,
    anySelectorValue: old.some(({ namespaceSelector, objectSelector }) =>
      isWrong(namespaceSelector) || isWrong(objectSelector)
    ),
    matchConditions: old.length === 0 || old.length !== webhooks.length ||
      webhooks.some(({ matchConditions }, i) => !equalJson(matchConditions, old[i].matchConditions)),
  };
}

function validateWebhook(webhook: Webhook, path: string, options: Options): FieldError[] {
  const { failurePolicy, matchPolicy, sideEffects, timeoutSeconds: timeout, reinvocationPolicy } = webhook;
  const errors = fullyQualifiedName(`${path}.name`, webhook.name ?? "");
  (webhook.rules ?? []).forEach((rule, i) => errors.push(...validateRule(rule, `${path}.rules[${i}]`)));
  const oneOf = (field: string, value: string | undefined, known: readonly string[]) => {
    if (value !== undefined && !known.includes(value)) errors.push(notSupported(`${path}.${field}`, value, known));
  };
  oneOf("failurePolicy", failurePolicy, FAILURE_POLICIES);
  oneOf("matchPolicy", matchPolicy, MATCH_POLICIES);
  const allowed = options.noSideEffects ? WITHOUT_EFFECTS : SIDE_EFFECTS;
  if (sideEffects === undefined || sideEffects === null) {
    errors.push(required(`${path}.sideEffects`, `must specify one of ${allowed.join(", ")}`));
  } else oneOf("sideEffects", sideEffects, allowed);
  if (timeout !== undefined && (timeout > 30 || timeout < 1)) {
    const message = "the timeout value must be between 1 and 30 seconds";
    errors.push(invalid(`${path}.timeoutSeconds`, timeout, message));
  }
  const anyValue = options.anySelectorValue;
  errors.push(
    ...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`, { anyValue }),
    ...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`, { anyValue }),
  );
  oneOf("reinvocationPolicy", reinvocationPolicy, REINVOCATION_POLICIES);
  errors.push(...validateClientConfig(webhook.clientConfig ?? {}, `${path}.clientConfig`));
  if (!options.matchConditions) return errors;
  return [...errors, ...validateMatchConditions(webhook.matchConditions, `${path}.matchConditions`, false)];
}

function validateReviews(versions: readonly string[], path: string, known: boolean): FieldError[] {
  if (versions.length === 0) return [required(path, `must specify one of ${REVIEWS.join(", ")}`)];
  const errors = versions.flatMap((version, i) =>
    versions.indexOf(version) < i
      ? [invalid(`${path}[${i}]`, version, "duplicate version")]
      : dns1035Label(version).map((message) => invalid(`${path}[${i}]`, version, message))
  );
  if (known && !versions.some((version) => REVIEWS.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${REVIEWS.join(", ")}`));
  }
  return errors;
}
