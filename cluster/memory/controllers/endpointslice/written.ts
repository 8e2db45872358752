/**
 * What the controller wrote and its view may not show yet. Working on an older view would undo its own writes.
 *
 * Source: the purpose of `k8s.io/endpointslice/util/endpointslice_tracker.go`.
 */
import type { EndpointSlice } from "../../kinds/schema/types.ts";

const DELETED = Infinity;
const revision = ({ metadata }: EndpointSlice) => Number(metadata.resourceVersion);

export class WrittenSlices {
  readonly #services = new Map<string, Map<string, number>>();

  /** @param slice as the API has it after the write, or the name of one that was deleted */
  wrote(service: string, slice: EndpointSlice | string): void {
    let slices = this.#services.get(service);
    if (slices === undefined) this.#services.set(service, slices = new Map());
    if (typeof slice === "string") slices.set(slice, DELETED);
    else slices.set(slice.metadata.name!, revision(slice));
  }

  /** Whether the view (the Service's slices, by name) is behind what was written. */
  isStale(service: string, view: ReadonlyMap<string, EndpointSlice>): boolean {
    for (const [name, written] of this.#services.get(service) ?? []) {
      const seen = view.get(name);
      if (written === DELETED ? seen !== undefined : seen === undefined || revision(seen) < written) return true;
    }
    return false;
  }

  /** Whether somebody else changed the slice after the controller's last write, if it ever wrote it. */
  isForeign(service: string, slice: EndpointSlice): boolean {
    return revision(slice) > (this.#services.get(service)?.get(slice.metadata.name!) ?? 0);
  }

  /** Takes note of a deletion. @returns whether it was the controller's own */
  deleted(service: string, name: string): boolean {
    const slices = this.#services.get(service);
    const own = slices?.get(name) === DELETED;
    slices?.delete(name);
    return own;
  }

  forget(service: string): void {
    this.#services.delete(service);
  }
}
