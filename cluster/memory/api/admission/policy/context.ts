/** What policies work with. */
import type { Authorizer } from "../../authz/authorizer.ts";
import type { ServedKinds } from "../../registry/served.ts";
import type { AdmissionContext } from "../plugin.ts";

export interface PolicyContext extends AdmissionContext {
  readonly authorizer: Authorizer;
  /** Objects are shown to a policy in the version that it asks for. */
  readonly kinds: ServedKinds;
}
