/** Walking over a pod's containers of all sorts. */
import { child } from "../../field_error.ts";
import type { Container, PodSpec } from "../../schema/types.ts";

/** The containers with their paths: init containers first, as Kubernetes visits them, ephemeral ones last. */
export function* eachContainer(spec: PodSpec, path: string): Generator<readonly [Container, string]> {
  for (const field of ["initContainers", "containers", "ephemeralContainers"] as const) {
    for (const [i, container] of (spec[field] ?? []).entries()) yield [container, child(path, field, i)];
  }
}
