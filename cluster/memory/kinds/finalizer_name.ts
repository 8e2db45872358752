/** The names of finalizers: qualified, or one of Kubernetes' own. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, invalid } from "./field_error.ts";
import { check, qualifiedName } from "./names.ts";

const STANDARD = ["kubernetes", "orphan", "foregroundDeletion"];

/** The error of a name without a prefix that Kubernetes does not know. */
export const validateKubeFinalizerName = (name: string, path: string): FieldError[] =>
  name.includes("/") || STANDARD.includes(name)
    ? []
    : [invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified")];

export const validateFinalizerName = (name: string, path: string): FieldError[] => [
  ...check(path, name, qualifiedName),
  ...validateKubeFinalizerName(name, path),
];

/** Errors of a built-in object's finalizers, beyond those that any object's can have. */
export const validateKubeFinalizers = (
  finalizers: readonly string[] = [],
  path = "metadata.finalizers",
): FieldError[] => finalizers.flatMap((name, i) => validateKubeFinalizerName(name, `${path}[${i}]`));
