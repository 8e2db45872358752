/** How much of what a scenario left behind is as it was recorded: object by object, event by event. */

export interface Remains {
  /** In normal form, by kind, name and text. */
  readonly objects: readonly Described[];
  /** {@linkcode eventLine}s, each once, in the order of the alphabet. */
  readonly events: readonly string[];
}

export interface Described {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

export interface Difference {
  /** "Pod/web.status.phase" */
  readonly path: string;
  readonly want: unknown;
  readonly got: unknown;
}

export interface Score {
  readonly objects: number;
  readonly sameObjects: number;
  readonly events: number;
  readonly sameEvents: number;
  /** Everything is as it was, and there is nothing more. */
  readonly whole: boolean;
  readonly differences: readonly Difference[];
  readonly missingEvents: readonly string[];
  readonly extraEvents: readonly string[];
}

/** Objects are compared by their place: one too many shows in all that follow it. */
export function score(want: Remains, got: Remains): Score {
  const pairs = want.objects.map((object, i) => differences(object, got.objects[i], nameOf(object)));
  const sameObjects = pairs.filter((found) => found.length === 0).length;
  const missingEvents = want.events.filter((event) => !got.events.includes(event));
  const extraEvents = got.events.filter((event) => !want.events.includes(event));
  const objects = Math.max(want.objects.length, got.objects.length);
  return {
    objects,
    sameObjects,
    events: want.events.length + extraEvents.length,
    sameEvents: want.events.length - missingEvents.length,
    whole: sameObjects === objects && missingEvents.length === 0 && extraEvents.length === 0,
    differences: pairs.flat(),
    missingEvents,
    extraEvents,
  };
}

const nameOf = ({ kind, metadata }: Described) => `${kind}/${metadata.name}`;

function differences(want: unknown, got: unknown, path: string): readonly Difference[] {
  if (want === got) return [];
  if (!isObject(want) || !isObject(got)) return [{ path, want, got }];
  const keys = new Set([...Object.keys(want), ...Object.keys(got)]);
  return [...keys].flatMap((key) => differences(want[key], got[key], `${path}.${key}`));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
