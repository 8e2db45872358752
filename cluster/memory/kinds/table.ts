/**
 * What the tables of all kinds share: their columns, which are data, and how times and lists are shown.
 *
 * Source: `pkg/printers/internalversion/printers.go`; the columns' descriptions are the API's own documentation.
 */
import type { Cell, Column, RowCondition, Table } from "./kind.ts";
import type { KubeObject } from "./object.ts";
import columns from "./schema/columns.json" with { type: "json" };

const known = columns as unknown as Readonly<Record<string, readonly Column[]>>;

/**
 * The table of a built-in type: the columns by the type's name, the cells by a function.
 *
 * @param type as in schema/columns.json, "core.v1.Service"
 * @throws {Error} for a type that has no columns of its own
 */
export function tableOf<T extends KubeObject>(
  type: string,
  cells: (object: T, now: number) => readonly Cell[],
  conditions?: (object: T) => readonly RowCondition[],
): Table<T> {
  const columns = known[type];
  if (columns === undefined) throw new Error(`no columns for "${type}" in columns.json`);
  return { columns, cells, ...conditions === undefined ? {} : { conditions } };
}

const [NAME] = known["core.v1.Secret"];
const AGE = known["core.v1.Secret"].find(({ name }) => name === "Age")!;

/** The table of kinds that have none of their own (roles, limit ranges): the name and when it was created. */
export const createdAtTable: Table<KubeObject> = {
  columns: [NAME, { name: "Created At", type: "date", description: AGE.description }],
  cells: ({ metadata }) => [metadata.name ?? "", metadata.creationTimestamp ?? null],
};

/** How long ago a time was, "5m30s"; "<unknown>" without one. `now` is in milliseconds since the epoch. */
export const age = (time: string | undefined | null, now: number): string =>
  time ? humanDuration(now - Date.parse(time)) : "<unknown>";

/** How long it is until a time. */
export const timeUntil = (time: string | undefined | null, now: number): string =>
  time ? humanDuration(Date.parse(time) - now) : "<unknown>";

/**
 * Two or three significant figures of a duration.
 *
 * Source: HumanDuration of `k8s.io/apimachinery/pkg/util/duration`.
 *
 * @param ms milliseconds
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return pair(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 365 * 8 ? pair(years, "y", days % 365, "d") : `${years}y`;
}

const pair = (large: number, unit: string, small: number, smallUnit: string) =>
  small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`;

/** The first three of a list, and how many more there are. */
export function firstThree(list: readonly string[], none: string): string {
  if (list.length === 0) return none;
  const shown = list.slice(0, 3).join(",");
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}

/** A map of labels as text, "a=b,c=d"; "<none>" without any. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).sort();
  return pairs.length === 0 ? "<none>" : pairs.join(",");
}
