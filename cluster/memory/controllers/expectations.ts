/**
 * What a controller has done and not yet seen: until its informer shows the pods that it created and deleted, it does
 * not count again, or it would create them twice.
 *
 * Source: `pkg/controller/controller_utils.go` (UIDTrackingControllerExpectations).
 */
import type { Clock } from "../clock.ts";

/** After so many milliseconds an expectation that was not met no longer holds the controller back. */
const TIMEOUT = 5 * 60_000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly since: number;
}

export class Expectations {
  readonly #expected = new Map<string, Expected>();

  constructor(readonly clock: Clock) {}

  expectCreations(key: string, count: number): void {
    this.#expected.set(key, { creations: count, deletions: new Set(), since: this.clock.now() });
  }

  /** @param objects keys of the objects that are being deleted */
  expectDeletions(key: string, objects: readonly string[]): void {
    this.#expected.set(key, { creations: 0, deletions: new Set(objects), since: this.clock.now() });
  }

  /** More of either, beside what is expected already. */
  raise(key: string, creations: number, deletions: readonly string[] = []): void {
    const expected = this.#expected.get(key) ?? { creations: 0, deletions: new Set<string>(), since: this.clock.now() };
    expected.creations += creations;
    for (const object of deletions) expected.deletions.add(object);
    this.#expected.set(key, expected);
  }

  creationObserved(key: string): void {
    const expected = this.#expected.get(key);
    if (expected !== undefined && expected.creations > 0) expected.creations--;
  }

  deletionObserved(key: string, object: string): void {
    this.#expected.get(key)?.deletions.delete(object);
  }

  satisfied(key: string): boolean {
    const expected = this.#expected.get(key);
    if (expected === undefined) return true;
    if (expected.creations === 0 && expected.deletions.size === 0) return true;
    return this.clock.now() - expected.since > TIMEOUT;
  }

  forget(key: string): void {
    this.#expected.delete(key);
  }
}
