/** Whether two CEL values are equal: objects by their fields, numbers by their value, whatever their type. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === "bigint" && typeof b === "number" || typeof a === "number" && typeof b === "bigint") return a == b;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length &&
      a.every((item, index) => equalValues(item, b[index]));
  }
  const [left, right] = [entriesOf(a), entriesOf(b)];
  return left.size === right.size &&
    [...left].every(([key, value]) => right.has(key) && equalValues(value, right.get(key)));
}

function entriesOf(value: object): Map<unknown, unknown> {
  return value instanceof Map ? value : new Map(Object.entries(value).filter(([, entry]) => entry !== undefined));
}
