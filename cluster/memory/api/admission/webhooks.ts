/**
 * Admission webhooks: somebody else's server changes an object, or refuses it.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/webhook`.
 */
import type { JsonObject } from "../../kinds/json.ts";
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  Status,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from "../../kinds/schema/types.ts";
import { randomUuid } from "../names.ts";
import { applyJsonPatch } from "../patch/json_patch.ts";
import { badRequest, internalError, StatusError } from "../status.ts";
import type { AdmissionContext, AdmissionPlugin, Attributes } from "./plugin.ts";
import { isAdmissionConfiguration, namespaceMatches, objectMatches, ruleMatches } from "./resource_rule.ts";
import { callWebhook, type ServiceCaller } from "./webhook_client.ts";

export interface WebhookContext extends AdmissionContext {
  readonly callService: ServiceCaller;
  /** Fills in the defaults of the kind, after a webhook has changed an object. */
  setDefaults(attributes: Attributes): void;
  /** Whether CEL match conditions hold for a request; absent conditions do. */
  conditionsHold(webhook: Webhook, attributes: Attributes): boolean;
}

export type Webhook = MutatingWebhook | ValidatingWebhook;

/** What a webhook answers, beside the review's envelope. */
interface Answer {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: Status;
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
}

export function mutatingWebhooks(context: WebhookContext): AdmissionPlugin {
  return {
    name: "MutatingAdmissionWebhook",
    async admit(attributes) {
      for (const webhook of matching<MutatingWebhookConfiguration>(context, "mutating", attributes)) {
        const answer = await ask(context, webhook, attributes);
        if (answer?.patch !== undefined && answer.patch !== "") change(context, webhook, attributes, answer.patch);
      }
    },
  };
}

export function validatingWebhooks(context: WebhookContext): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionWebhook",
    async validate(attributes) {
      const webhooks = matching<ValidatingWebhookConfiguration>(context, "validating", attributes);
      await Promise.all(webhooks.map((webhook) => ask(context, webhook, attributes)));
    },
  };
}

/** The webhooks that a request goes to, by the name of their configuration. */
function matching<T extends MutatingWebhookConfiguration | ValidatingWebhookConfiguration>(
  context: WebhookContext,
  type: "mutating" | "validating",
  attributes: Attributes,
): Webhook[] {
  if (isAdmissionConfiguration(attributes)) return [];
  const configurations = context.store.list<T>(`admissionregistration.k8s.io/${type}webhookconfigurations`);
  return configurations.flatMap(({ object }): readonly Webhook[] => object.webhooks ?? []).filter((webhook) =>
    (webhook.rules ?? []).some((rule) => ruleMatches(rule, attributes)) &&
    namespaceMatches(webhook.namespaceSelector, attributes, context.store) &&
    objectMatches(webhook.objectSelector, attributes) && context.conditionsHold(webhook, attributes)
  );
}

/** Asks one webhook; undefined when it cannot be reached and does not matter (`failurePolicy: Ignore`). */
async function ask(context: WebhookContext, webhook: Webhook, attributes: Attributes): Promise<Answer | undefined> {
  const { name, sideEffects, clientConfig, timeoutSeconds = 10, failurePolicy } = webhook;
  if (attributes.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun") {
    throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  }
  const uid = randomUuid(context.clock);
  const call = { clientConfig, timeout: timeoutSeconds, body: reviewOf(uid, attributes) };
  let answer: Answer;
  try {
    const review = await callWebhook(call, context.callService).catch((error: Error) => {
      throw new Error(`failed to call webhook: ${error.message}`);
    });
    answer = responseOf(review as { response?: Answer }, uid);
  } catch (error) {
    if (failurePolicy === "Ignore") return undefined;
    throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${(error as Error).message}`);
  }
  for (const warning of answer.warnings ?? []) attributes.warn(warning);
  if (!answer.allowed) throw denial(name, answer.status);
  return answer;
}

function responseOf({ response }: { readonly response?: Answer }, uid: string): Answer {
  const invalid = (why: string) => new Error(`received invalid webhook response: ${why}`);
  if (response === undefined) throw invalid("webhook response was absent");
  if (response.uid !== uid) {
    throw invalid(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`);
  }
  if (response.patch && !response.patchType) {
    throw invalid("webhook returned response.patch but not response.patchType");
  }
  return response;
}

function denial(name: string, status: Status | undefined): StatusError {
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = status?.message || status?.reason;
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    ...status,
    status: "Failure",
    code: Math.max(status?.code ?? 0, 400),
    message: why ? `${denied}: ${why}` : `${denied} without explanation`,
  });
}

/** Applies a webhook's JSON Patch to the object, in place. */
function change(context: WebhookContext, { name }: Webhook, attributes: Attributes, patch: string): void {
  const { object } = attributes;
  if (object === undefined) {
    throw internalError(
      `admission webhook ${
        JSON.stringify(name)
      } attempted to modify the object, which is not supported for this operation`,
    );
  }
  const { result } = applyJsonPatch(object as unknown as JsonObject, JSON.parse(atob(patch)));
  for (const field of Object.keys(object)) delete (object as unknown as Record<string, unknown>)[field];
  Object.assign(object, result);
  context.setDefaults(attributes);
}

function reviewOf(uid: string, attributes: Attributes) {
  const { group, version, kind, resource, subresource, user } = attributes;
  const gvk = { group, version, kind };
  const gvr = { group, version, resource };
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid,
      kind: gvk,
      resource: gvr,
      requestKind: gvk,
      requestResource: gvr,
      ...subresource === "" ? {} : { subResource: subresource, requestSubResource: subresource },
      name: attributes.name,
      namespace: attributes.namespace,
      operation: attributes.operation,
      userInfo: { username: user.name, uid: user.uid, groups: user.groups, extra: user.extra },
      object: attributes.object ?? null,
      oldObject: attributes.oldObject ?? null,
      dryRun: attributes.dryRun,
      options: attributes.options,
    },
  };
}
