/**
 * HorizontalPodAutoscaler, stored as v2 and served as v1 too.
 *
 * Source: `pkg/registry/autoscaling/horizontalpodautoscaler` and `pkg/apis/autoscaling/{v2,validation}`.
 */
import { type FieldError, invalid } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import type { Draft } from "../object.ts";
import type { HorizontalPodAutoscaler, HPAScalingRules } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { autoscalingV1 } from "./autoscaling_v1.ts";
import { metricsText } from "./metrics_text.ts";
import { validateAutoscaler } from "./validation.ts";

type Rules = Draft<HPAScalingRules>;

/** Percent of the requested CPU, where nothing says what to scale by. */
const DEFAULT_UTILIZATION = 80;

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  singular: "horizontalpodautoscaler",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  type: "autoscaling.v2.HorizontalPodAutoscaler",
  otherVersions: [autoscalingV1],
  strategy: {
    names: "subdomain",
    generation: false,
    defaults,
    prepareForCreate: (autoscaler) => void (autoscaler.status = { desiredReplicas: 0 }),
    prepareForUpdate: (autoscaler, old) => void (autoscaler.status = old.status as typeof autoscaler.status),
    validate: (autoscaler) => validateAutoscaler(autoscaler),
    validateUpdate: validateAutoscaler,
  },
  status: {
    prepareForUpdate: (autoscaler, old) => void (autoscaler.spec = old.spec as typeof autoscaler.spec),
    validateUpdate: ({ status }): FieldError[] =>
      (["currentReplicas", "desiredReplicas"] as const).filter((field) => (status?.[field] ?? 0) < 0)
        .map((field) => invalid(`status.${field}`, status?.[field], "must be greater than or equal to 0")),
  },
  table: tableOf("autoscaling.v2.HorizontalPodAutoscaler", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    `${spec?.scaleTargetRef?.kind ?? ""}/${spec?.scaleTargetRef?.name ?? ""}`,
    metricsText(spec?.metrics ?? [], status?.currentMetrics ?? []),
    spec?.minReplicas === undefined ? "<unset>" : String(spec.minReplicas),
    spec?.maxReplicas ?? 0,
    status?.currentReplicas ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
});

function defaults({ spec }: Draft<HorizontalPodAutoscaler>) {
  if (spec === undefined) return;
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) {
    const target = { type: "Utilization", averageUtilization: DEFAULT_UTILIZATION };
    spec.metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  if (!spec.behavior) return;
  spec.behavior.scaleUp = withDefaults(spec.behavior.scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [{ type: "Pods", value: 4, periodSeconds: 15 }, { type: "Percent", value: 100, periodSeconds: 15 }],
  });
  spec.behavior.scaleDown = withDefaults(spec.behavior.scaleDown, {
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
  });
}

const withDefaults = (rules: Rules | undefined, defaults: Rules): Rules => ({ ...defaults, ...rules });
