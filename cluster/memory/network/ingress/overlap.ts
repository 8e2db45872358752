/**
 * Whether an Ingress says what another one has said already: ingress-nginx's webhook refuses it.
 *
 * Source: checkOverlap of `kubernetes/ingress-nginx/internal/ingress/controller/controller.go`.
 */
import type { Ingress } from "../../kinds/schema/types.ts";
import { annotationsOf } from "./annotations.ts";

/** @param ingresses those of the controller, the oldest first */
export function overlap(
  ingress: Ingress,
  isOwn: (ingress: Ingress) => boolean,
  ingresses: readonly Ingress[],
): string | undefined {
  if (!isOwn(ingress) || annotationsOf(ingress).canary !== undefined) return undefined;
  const { namespace, name } = ingress.metadata;
  const others = ingresses.filter(({ metadata }) => metadata.namespace !== namespace || metadata.name !== name)
    .filter((other) => annotationsOf(other).canary === undefined);
  for (const { host = "", http } of ingress.spec?.rules ?? []) {
    for (const { path = "/" } of http?.paths ?? []) {
      const other = others.find(({ spec }) =>
        spec.rules?.some((rule) =>
          (rule.host ?? "") === host && rule.http?.paths.some((one) => (one.path ?? "/") === path)
        )
      );
      if (other === undefined) continue;
      const { metadata } = other;
      return `host "${
        host || "_"
      }" and path "${path}" is already defined in ingress ${metadata.namespace}/${metadata.name}`;
    }
  }
  return undefined;
}
