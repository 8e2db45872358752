/** A name with functions, as `sets` in `sets.contains(a, b)`. */
import type { Environment } from "@marcbachmann/cel-js";

/** @param functions by signature without the name: `{ "contains(list, list): bool": (a, b) => … }` */
export function registerNamespace(
  environment: Environment,
  name: string,
  functions: Readonly<Record<string, (...args: never[]) => unknown>>,
): void {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Namespace`;
  const Namespace = class {};
  environment.registerType(type, Namespace);
  environment.registerConstant(name, type, new Namespace());
  for (const [signature, handler] of Object.entries(functions)) {
    environment.registerFunction(`${type}.${signature}`, (_: unknown, ...args: never[]) => handler(...args));
  }
}
