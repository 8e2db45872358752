/** Events of core/v1, as far as checks read them. */
import type { ApiObject } from "../cluster/cluster.ts";

export interface ApiEvent extends ApiObject {
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}
