/** Service. Source: `pkg/registry/core/service`, `pkg/apis/core/{v1,validation}` and `pkg/api/service`. */
import { defineKind } from "../../kind.ts";
import { loadBalancerWarnings } from "../../load_balancer_warnings.ts";
import type { Service } from "../../schema/types.ts";
import { defaultService } from "./defaults.ts";
import { dropTypeDependentFields } from "./type_change.ts";
import { serviceTable } from "./table.ts";
import { validateService } from "./validation.ts";
import { validateServiceStatus } from "./status_validation.ts";
import { validateServiceChange } from "./update_validation.ts";
import { serviceWarnings } from "./warnings.ts";

export const service = defineKind<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  singular: "service",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  type: "core.v1.Service",
  strategy: {
    names: "label",
    returnsDeleted: true,
    generation: false,
    createOnUpdate: true,
    defaults: defaultService,
    prepareForCreate: (service) => void (service.status = { loadBalancer: {} }),
    prepareForUpdate(service, old) {
      service.status = old.status as typeof service.status;
      dropTypeDependentFields(service, old);
    },
    validate: (service) => validateService(service, undefined),
    validateUpdate: (service, old) => [...validateServiceChange(service, old), ...validateService(service, old)],
    warnings: serviceWarnings,
  },
  status: {
    prepareForUpdate: (service, old) => void (service.spec = old.spec as typeof service.spec),
    validateUpdate: validateServiceStatus,
    warnings: loadBalancerWarnings,
  },
  subresources: [{
    name: "proxy",
    kind: { group: "", version: "v1", kind: "ServiceProxyOptions" },
    verbs: ["create", "delete", "get", "patch", "update"],
  }],
  table: serviceTable,
  selectableFields: ({ spec }) => ({ "spec.clusterIP": spec?.clusterIP ?? "", "spec.type": spec?.type ?? "" }),
});
