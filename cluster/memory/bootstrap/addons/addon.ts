/** What an add-on is: the objects of its manifest. */
import type { KubeObject, Partially } from "../../kinds/object.ts";
import type { Deployment, PolicyRule } from "../../kinds/schema/types.ts";

/** An object of any kind, as a manifest has it. */
export type AddonObject = Partially<KubeObject> & { readonly [field: string]: unknown };

export interface AddonObjects {
  /** In the order in which they are created. */
  readonly objects: readonly AddonObject[];
  /** Runs from the beginning. */
  readonly deployment: Partially<Deployment>;
}

export interface AddonSettings {
  /** Whether Services of type LoadBalancer get addresses. */
  readonly loadBalancers: boolean;
}

/** The group of the objects that give rights. */
export const RBAC_GROUP = "rbac.authorization.k8s.io";

/**
 * What a controller may do with resources of one group.
 *
 * @param resources with spaces between them, as `verbs`
 */
export const rule = (
  apiGroup: string,
  resources: string,
  verbs: string,
  resourceNames?: readonly string[],
): PolicyRule => ({
  apiGroups: [apiGroup],
  resources: resources.split(" "),
  verbs: verbs.split(" "),
  ...resourceNames === undefined ? {} : { resourceNames },
});
