/** What a new memory cluster is given, so that it can do what is required of it. */
import { type Addon, ADDONS } from "./background/components.ts";
import type { Capability } from "./cluster.ts";

/** An add-on is called like the capability that it brings. */
export function addonsFor(requires: readonly Capability[]): readonly Addon[] {
  return ADDONS.filter((addon) => (requires as readonly string[]).includes(addon));
}
