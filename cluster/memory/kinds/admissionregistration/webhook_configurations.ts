/** ValidatingWebhookConfiguration and MutatingWebhookConfiguration. Source: `pkg/registry/admissionregistration`. */
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import type { Draft } from "../object.ts";
import type { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { defaultRules } from "./rules.ts";
import { staticNameWarnings } from "./static_name.ts";
import { validateWebhooks, type Webhook } from "./webhook_validation.ts";

/** Seconds. */
const TIMEOUT = 10;

export const validatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingWebhookConfiguration",
  plural: "validatingwebhookconfigurations",
  singular: "validatingwebhookconfiguration",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.ValidatingWebhookConfiguration",
  load: loadCel,
  strategy: {
    names: "subdomain",
    metadata: "generic",
    unconditionalUpdate: false,
    warnings: staticNameWarnings,
    defaults: ({ webhooks }) => webhooks?.forEach((webhook) => defaultWebhook(webhook as Draft<Webhook>)),
    validate: ({ webhooks }) => validateWebhooks(webhooks),
    validateUpdate: ({ webhooks }, old) => validateWebhooks(webhooks, old.webhooks ?? []),
  },
  table: tableOf("admissionregistration.v1.ValidatingWebhookConfiguration", ({ metadata, webhooks }, now) => [
    metadata.name ?? "",
    webhooks?.length ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
});

export const mutatingWebhookConfiguration = defineKind<MutatingWebhookConfiguration>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingWebhookConfiguration",
  plural: "mutatingwebhookconfigurations",
  singular: "mutatingwebhookconfiguration",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.MutatingWebhookConfiguration",
  load: loadCel,
  strategy: {
    names: "subdomain",
    metadata: "generic",
    unconditionalUpdate: false,
    warnings: staticNameWarnings,
    defaults: ({ webhooks }) =>
      webhooks?.forEach((webhook) => {
        defaultWebhook(webhook as Draft<Webhook>);
        webhook.reinvocationPolicy ??= "Never";
      }),
    validate: ({ webhooks }) => validateWebhooks(webhooks),
    validateUpdate: ({ webhooks }, old) => validateWebhooks(webhooks, old.webhooks ?? []),
  },
  table: tableOf("admissionregistration.v1.MutatingWebhookConfiguration", ({ metadata, webhooks }, now) => [
    metadata.name ?? "",
    webhooks?.length ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
});

function defaultWebhook(webhook: Draft<Webhook>): void {
  webhook.failurePolicy ??= "Fail";
  webhook.matchPolicy ??= "Equivalent";
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= TIMEOUT;
  if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= 443;
  defaultRules(webhook.rules);
}
