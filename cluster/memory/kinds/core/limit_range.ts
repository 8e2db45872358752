/** LimitRange. Source: `pkg/registry/core/limitrange` and `pkg/apis/core/v1/defaults.go`. */
import { defineKind } from "../kind.ts";
import type { Draft } from "../object.ts";
import type { LimitRange, LimitRangeItem } from "../schema/types.ts";
import { createdAtTable } from "../table.ts";
import { validateLimitRange } from "./limit_range_validation.ts";
import { defaultResourceList } from "./pod/defaults.ts";

export const limitRange = defineKind<LimitRange>({
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  singular: "limitrange",
  shortNames: ["limits"],
  namespaced: true,
  type: "core.v1.LimitRange",
  strategy: {
    names: "subdomain",
    generation: false,
    createOnUpdate: true,
    defaults: ({ spec }) => void spec?.limits?.forEach(defaultLimits),
    prepareForCreate(limits) {
      // It may be created without a name: its uid is one.
      if (!limits.metadata.name) limits.metadata.name = limits.metadata.uid;
    },
    validate: validateLimitRange,
    validateUpdate: validateLimitRange,
  },
  table: createdAtTable,
});

/** For containers, a limit that is not said is the maximum, and a request the limit or the minimum. */
function defaultLimits(item: Draft<LimitRangeItem>) {
  if (item.type === "Container") {
    item.default = { ...item.max, ...item.default };
    item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
    if (Object.keys(item.default).length === 0) delete item.default;
    if (Object.keys(item.defaultRequest).length === 0) delete item.defaultRequest;
  }
  for (const list of [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio]) {
    if (list) defaultResourceList(list);
  }
}
