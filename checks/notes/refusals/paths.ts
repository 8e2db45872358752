/** Paths in a manifest: how people write them, and what stands there. */
import type { Path } from "../../yaml.ts";

/** "spec.containers[0].image" */
export function describe(path: Path): string {
  return path.reduce<string>(
    (text, step) => typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
    "",
  );
}

/** Undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (current, step) => (current as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}
