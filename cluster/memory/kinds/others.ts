/** The kinds beside those that run containers. */
import { configMap } from "./core/config_map.ts";
import { endpoints } from "./core/endpoints.ts";
import { namespace } from "./core/namespace.ts";
import { secret } from "./core/secret.ts";
import { service } from "./core/service/service.ts";
import { serviceAccount } from "./core/service_account.ts";
import { endpointSlice } from "./discovery/endpoint_slice.ts";
import type { Kind } from "./kind.ts";

export const otherKinds: readonly Kind[] = [
  configMap,
  endpoints,
  namespace,
  secret,
  service,
  serviceAccount,
  endpointSlice,
];
