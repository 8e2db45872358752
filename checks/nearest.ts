/** The word that somebody probably meant. */

/**
 * The candidate that is fewest edits away from `word`, if it is near enough to be a slip of the keys.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(nearest("metch", ["match", "count", "cel"]), "match");
 * assert.equal(nearest("banana", ["match", "count", "cel"]), undefined);
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * The candidate that is `word` but for capitals, or else the {@linkcode nearest}.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(nearestInAnyCase("CLUSTERIP", ["NodePort", "ClusterIP"]), "ClusterIP");
 * ```
 */
export function nearestInAnyCase(word: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates];
  return known.find((one) => one.toLowerCase() === word.toLowerCase()) ?? nearest(word, known);
}

/** How many letters must be added, taken away, replaced or swapped with their neighbour to get from `a` to `b`. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2][j - 2] + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
