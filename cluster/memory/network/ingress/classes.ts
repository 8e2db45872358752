/**
 * Which Ingresses a controller cares for.
 *
 * Source: `kubernetes/ingress-nginx/internal/ingress/controller/{ingressclass,store}`.
 */
import type { Ingress, IngressClass } from "../../kinds/schema/types.ts";

export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

/** What a controller was told when it was started. */
export interface ClassOptions {
  /** The value of the old annotation that is its own: "nginx". */
  readonly annotation: string;
  /** The controller that an IngressClass names: "k8s.io/ingress-nginx". */
  readonly controller: string;
  /** Whether Ingresses without any class are its own too. */
  readonly withoutClass: boolean;
}

/** Whether an Ingress is the controller's. A class that does not exist, or is another controller's, leaves it alone. */
export function isOwn({ metadata, spec }: Ingress, classes: readonly IngressClass[], options: ClassOptions): boolean {
  const own = classes.filter((one) => one.spec?.controller === options.controller);
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  if (annotation !== undefined && annotation !== "") return annotation === options.annotation;
  if (spec.ingressClassName !== undefined) return own.some((one) => one.metadata.name === spec.ingressClassName);
  return options.withoutClass || own.some((one) => one.metadata.annotations?.[DEFAULT_CLASS] === "true");
}

/** The oldest first: of two that say the same, it is the one that counts. */
export const byAge = (ingresses: readonly Ingress[]): readonly Ingress[] =>
  ingresses.toSorted((a, b) => compare(keyOf(a), keyOf(b)));

const keyOf = ({ metadata }: Ingress) => `${metadata.creationTimestamp ?? ""} ${metadata.namespace}/${metadata.name}`;
const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;
