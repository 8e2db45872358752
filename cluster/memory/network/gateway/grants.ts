/** What ReferenceGrants let objects of other namespaces refer to. Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/ */
import type { ReferenceGrant } from "./types.ts";

export interface Reference {
  readonly from: { readonly group: string; readonly kind: string; readonly namespace: string };
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Within a namespace nobody needs a grant; beyond it the target's namespace has to give one. */
export function isGranted(grants: readonly ReferenceGrant[], { from, to }: Reference): boolean {
  if (from.namespace === to.namespace) return true;
  return grants.some(({ metadata, spec }) =>
    metadata.namespace === to.namespace &&
    spec.from.some((one) => one.group === from.group && one.kind === from.kind && one.namespace === from.namespace) &&
    spec.to.some((one) => one.group === to.group && one.kind === to.kind && (one.name ?? to.name) === to.name)
  );
}
