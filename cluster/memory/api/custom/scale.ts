/**
 * The scale of a custom resource: where its definition says that the numbers are.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/registry/customresource/{etcd,validator}.go`.
 */
import { type FieldError, invalid } from "../../kinds/field_error.ts";
import { goPrint, goTypeOf, isObject, type Json, type JsonObject } from "../../kinds/json.ts";
import type { ScaleStrategy } from "../../kinds/kind.ts";
import type { CustomResourceSubresourceScale } from "../../kinds/schema/types.ts";

const keysOf = (path: string) => path.replace(/^\./, "").split(".");

function at(object: unknown, path: string): Json | undefined {
  return keysOf(path).reduce<Json | undefined>(
    (value, key) => isObject(value) ? value[key] : undefined,
    object as Json,
  );
}

export function scaleOf(scale: CustomResourceSubresourceScale): ScaleStrategy {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const number = (object: unknown, path: string) => {
    const value = at(object, path);
    return typeof value === "number" ? value : 0;
  };
  return {
    replicas: (object) => number(object, specReplicasPath),
    currentReplicas: (object) => number(object, statusReplicasPath),
    selector(object) {
      const value = labelSelectorPath ? at(object, labelSelectorPath) : undefined;
      return typeof value === "string" ? value : "";
    },
    withReplicas(object, replicas) {
      const keys = keysOf(specReplicasPath);
      let target = object as unknown as Record<string, unknown>;
      for (const key of keys.slice(0, -1)) target = (target[key] ??= {}) as Record<string, unknown>;
      target[keys.at(-1)!] = replicas;
    },
  };
}

export function validateScaleSpec(object: JsonObject, { specReplicasPath }: CustomResourceSubresourceScale) {
  return validateReplicas(object, specReplicasPath);
}

export function validateScaleStatus(object: JsonObject, scale: CustomResourceSubresourceScale): FieldError[] {
  const { statusReplicasPath, labelSelectorPath } = scale;
  const errors = validateReplicas(object, statusReplicasPath);
  const selector = labelSelectorPath ? at(object, labelSelectorPath) : undefined;
  if (selector !== undefined && selector !== null && typeof selector !== "string") {
    errors.push(invalid(labelSelectorPath!, "", accessorError(labelSelectorPath!, selector, "string")));
  }
  return errors;
}

const MOST_REPLICAS = 2 ** 31 - 1;

function validateReplicas(object: JsonObject, path: string): FieldError[] {
  const value = at(object, path);
  if (value === undefined || value === null) return [];
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return [invalid(path, 0, accessorError(path, value, "int64"))];
  }
  if (value < 0) return [invalid(path, value, "should be a non-negative integer")];
  return value > MOST_REPLICAS ? [invalid(path, value, `should be less than or equal to ${MOST_REPLICAS}`)] : [];
}

function accessorError(path: string, value: Json, expected: string): string {
  return `${path} accessor error: ${goPrint(value)} is of the type ${goTypeOf(value)}, expected ${expected}`;
}
