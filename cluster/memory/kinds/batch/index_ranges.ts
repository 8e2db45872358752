/** Indexes of an Indexed Job's pods as text, "1,3-5". Source: `pkg/apis/batch/validation/validation.go`. */

export class IndexError extends Error {
  override readonly name = "IndexError";
}

export interface IndexRange {
  readonly first: number;
  readonly last: number;
}

function parseRange(text: string, completions: number): IndexRange {
  const limits = text.split("-");
  if (limits.length > 2) {
    const rule = "an index interval can have at most two parts separated by '-'";
    throw new IndexError(`the fragment ${JSON.stringify(text)} violates the requirement that ${rule}`);
  }
  const numbers = limits.map((limit) => {
    if (!/^[-+]?[0-9]+$/.test(limit)) {
      throw new IndexError(`cannot convert string to integer for index: ${JSON.stringify(limit)}`);
    }
    if (Number(limit) >= completions) throw new IndexError(`too large index: ${JSON.stringify(limit)}`);
    return Number(limit);
  });
  const [first, last = first] = numbers;
  if (numbers.length === 2 && first >= last) throw outOfOrder(first, last);
  return { first, last };
}

const outOfOrder = (previous: number, current: number) =>
  new IndexError(`non-increasing order, previous: ${previous}, current: ${current}`);

/**
 * The ranges of a text; "" has none.
 *
 * @throws {IndexError} when they are not in order, or not below `completions`
 */
export function parseIndexRanges(text: string, completions: number): IndexRange[] {
  const ranges: IndexRange[] = [];
  for (const part of text === "" ? [] : text.split(",")) {
    const range = parseRange(part, completions);
    const previous = ranges[ranges.length - 1];
    if (previous && previous.last >= range.first) throw outOfOrder(previous.last, range.first);
    ranges.push(range);
  }
  return ranges;
}

export const countIndexes = (ranges: readonly IndexRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** The lowest index that is in both texts, undefined without one. Parts that cannot be read are passed over. */
export function overlap(a: string, b: string, completions: number): number | undefined {
  const readable = (text: string) =>
    (text === "" ? [] : text.split(",")).flatMap((part) => {
      try {
        return [parseRange(part, completions)];
      } catch {
        return [];
      }
    });
  for (const one of readable(a)) {
    const other = readable(b).find(({ first, last }) => first <= one.last && one.first <= last);
    if (other) return Math.max(one.first, other.first);
  }
  return undefined;
}
