/** Lists with a limit, as all of the group has them. Source: `pkg/apis/resource/validation/validation.go`. */
import { duplicate, type FieldError, tooMany } from "../field_error.ts";

type Check<T> = (item: T, path: string) => FieldError[];

/** Errors of the items, unless there are too many to look at. */
export function validateList<T>(list: readonly T[] | undefined | null, most: number, check: Check<T>, path: string) {
  const items = list ?? [];
  if (items.length > most) return [tooMany(path, items.length, most)];
  return items.flatMap((item, i) => check(item, `${path}[${i}]`));
}

/** As {@linkcode validateList}, of items that must differ by a key. */
export function validateSet<T>(
  list: readonly T[] | undefined | null,
  most: number,
  check: Check<T>,
  keyOf: (item: T) => string,
  path: string,
): FieldError[] {
  const items = list ?? [];
  if (items.length > most) return [tooMany(path, items.length, most)];
  const keys = items.map(keyOf);
  return [
    ...validateList(items, most, check, path),
    ...keys.flatMap((key, i) => keys.indexOf(key) < i ? [duplicate(`${path}[${i}]`, key)] : []),
  ];
}
