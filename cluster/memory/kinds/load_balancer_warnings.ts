/** What a client is told of a load balancer's addresses that it reports. */
import { ipWarnings } from "./ip_address.ts";

interface Balanced {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/**
 * Warnings for the status of a Service or an Ingress.
 *
 * Source: WarningsOnUpdate of the status strategies in `pkg/registry/core/service` and `pkg/registry/networking/ingress`.
 */
export const loadBalancerWarnings = ({ status }: Balanced): string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }, i) =>
    ip ? ipWarnings(`status.loadBalancer.ingress[${i}]`, ip) : []
  );
