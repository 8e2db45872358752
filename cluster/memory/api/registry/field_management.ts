/** Who owns which field: the hook that writes `metadata.managedFields` before an object is admitted and stored. */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { Served } from "./served.ts";

export interface FieldChange {
  /** The object before, in the stored version; undefined for a creation. */
  readonly old: KubeObject | undefined;
  /** The object as it will be, in the stored version and with defaults. */
  readonly object: Draft<KubeObject>;
  /** The version in which the client wrote. */
  readonly served: Served;
  readonly manager: string;
  readonly subresource: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface FieldManagement {
  /** Notes a create, update or patch in the object's managedFields. Never fails: what it cannot read it drops. */
  update(change: FieldChange): void;
}
