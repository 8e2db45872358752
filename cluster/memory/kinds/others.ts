/** The kinds beside those that run containers. */
import { lease } from "./coordination/lease.ts";
import { configMap } from "./core/config_map.ts";
import { endpoints } from "./core/endpoints.ts";
import { event } from "./core/event/event.ts";
import { limitRange } from "./core/limit_range.ts";
import { namespace } from "./core/namespace.ts";
import { node } from "./core/node/node.ts";
import { resourceQuota } from "./core/resource_quota.ts";
import { secret } from "./core/secret.ts";
import { service } from "./core/service/service.ts";
import { serviceAccount } from "./core/service_account.ts";
import { endpointSlice } from "./discovery/endpoint_slice.ts";
import type { Kind } from "./kind.ts";

export const otherKinds: readonly Kind[] = [
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  resourceQuota,
  secret,
  service,
  serviceAccount,
  lease,
  endpointSlice,
];
