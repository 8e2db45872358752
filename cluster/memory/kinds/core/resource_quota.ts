/** ResourceQuota. Source: `pkg/registry/core/resourcequota` and `pkg/apis/core/validation`. */
import type { FieldError } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import { immutable } from "../object_meta.ts";
import { compareQuantities } from "../quantity.ts";
import type { ResourceQuota } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { defaultResourceList } from "./pod/defaults.ts";
import { validateQuotaList, validateQuotaSpec } from "./resource_quota_validation.ts";

type Amounts = Readonly<Record<string, string>>;

export const resourceQuota = defineKind<ResourceQuota>({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  singular: "resourcequota",
  shortNames: ["quota"],
  namespaced: true,
  type: "core.v1.ResourceQuota",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    defaults({ spec, status }) {
      for (const list of [spec?.hard, status?.hard, status?.used]) if (list) defaultResourceList(list);
    },
    prepareForCreate: (quota) => void (quota.status = {}),
    prepareForUpdate: (quota, old) => void (quota.status = old.status as typeof quota.status),
    validate: (quota) => [...validateQuotaSpec(quota.spec ?? {}), ...validateStatus(quota)],
    validateUpdate: ({ spec = {} }, old) => {
      const scopes = (list: readonly string[] = []) => [...new Set(list)].sort().join();
      const same = scopes(spec.scopes) === scopes(old.spec?.scopes);
      return [...validateQuotaSpec(spec), ...same ? [] : [immutable("spec.scopes", spec.scopes ?? null)]];
    },
    warnings: ({ spec }, old) => old === undefined ? requestsAboveLimits(spec?.hard ?? {}) : [],
  },
  status: {
    prepareForUpdate: (quota, old) => void (quota.spec = old.spec as typeof quota.spec),
    validateUpdate: validateStatus,
  },
  table: tableOf("core.v1.ResourceQuota", ({ metadata, status }, now) => [
    metadata.name ?? "",
    usage(status?.hard, status?.used, (name) => !name.startsWith("limits.")),
    usage(status?.hard, status?.used, (name) => name.startsWith("limits.")),
    age(metadata.creationTimestamp, now),
  ]),
});

function validateStatus({ status = {} }: ResourceQuota): FieldError[] {
  return [...validateQuotaList(status.hard, "status.hard"), ...validateQuotaList(status.used, "status.used")];
}

function requestsAboveLimits(hard: Amounts): string[] {
  return ["cpu", "memory", "storage", "ephemeral-storage"].flatMap((name) => {
    const plain = (name === "cpu" || name === "memory") && hard[`requests.${name}`] === undefined;
    const [request, limit] = [plain ? name : `requests.${name}`, `limits.${name}`];
    if (hard[request] === undefined || hard[limit] === undefined) return [];
    if (compareQuantities(hard[request], hard[limit]) <= 0) return [];
    return [`ResourceQuota ${request} (${hard[request]}) should be less than ${limit} (${hard[limit]})`];
  });
}

/** "pods: 1/10, requests.cpu: 500m/2" */
const usage = (hard: Amounts = {}, used: Amounts = {}, shown: (name: string) => boolean): string =>
  Object.keys(hard).filter(shown).sort().map((name) => `${name}: ${used[name] ?? "0"}/${hard[name]}`).join(", ");
