/**
 * Who wrote what: every write with the request that made it, as an audit log has it.
 *
 * Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
 */
import type { KubeObject } from "../../kinds/object.ts";
import type { Entry, Store } from "../../store/store.ts";
import type { User } from "../user.ts";
import type { Call, Core } from "./call.ts";

/** An admission plugin that changed the object, and which fields: "spec.tolerations". */
export interface AdmissionNote {
  readonly plugin: string;
  readonly fields: readonly string[];
}

export interface AuditEvent {
  /** Milliseconds of the cluster's clock. */
  readonly time: number;
  readonly user: User;
  /** The program that wrote, as managedFields name it. */
  readonly manager: string;
  readonly verb: "create" | "update" | "delete";
  readonly bucket: string;
  readonly subresource: string;
  /** The object after the write; before it, for a deletion. */
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly admission: readonly AdmissionNote[];
}

export type Audit = (event: AuditEvent) => void;

/** What plugins changed in a request that has not been written yet. */
const notes = new WeakMap<Call, AdmissionNote[]>();

export function noteAdmission(call: Call, note: AdmissionNote): void {
  const known = notes.get(call);
  if (known === undefined) notes.set(call, [note]);
  else known.push(note);
}

export type Writer = Pick<Store, "create" | "update" | "delete">;

/** The store, for the writes of one request: each is told to the audit. */
export function writer({ store, clock, audit }: Core, call: Call): Writer {
  if (audit === undefined) return store;
  const tell = (verb: AuditEvent["verb"], bucket: string, object: KubeObject, previous?: KubeObject) => {
    const { user, manager, subresource } = call;
    const admission = notes.get(call) ?? [];
    audit({ time: clock.now(), user, manager, verb, bucket, subresource, object, previous, admission });
    notes.delete(call);
  };
  const before = (bucket: string, key: string) => store.get<KubeObject>(bucket, key)?.object;
  return {
    create(bucket, key, object) {
      const entry = store.create(bucket, key, object);
      tell("create", bucket, objectOf(entry));
      return entry;
    },
    update(bucket, key, object, expected) {
      const previous = before(bucket, key);
      const entry = store.update(bucket, key, object, expected);
      tell("update", bucket, objectOf(entry), previous);
      return entry;
    },
    delete(bucket, key, expected, last) {
      const entry = store.delete(bucket, key, expected, last);
      tell("delete", bucket, objectOf(entry));
      return entry;
    },
  };
}

/** What requests write are objects of the API. */
const objectOf = (entry: Entry): KubeObject => entry.object as unknown as KubeObject;

/** Leases are renewed for ever, which says nothing about anything. */
const HEARTBEATS = "coordination.k8s.io/leases";

/** The last so many writes. */
export class AuditLog {
  readonly #events: AuditEvent[] = [];

  constructor(readonly size = 20_000) {}

  readonly record: Audit = (event) => {
    if (event.verb === "update" && event.bucket === HEARTBEATS) return;
    this.#events.push(event);
    if (this.#events.length >= this.size * 1.125) this.#events.splice(0, this.#events.length - this.size);
  };

  /** The writes of some objects, by uid, in their order. */
  of(uids: ReadonlySet<string>): readonly AuditEvent[] {
    return this.#events.filter(({ object }) => uids.has(object.metadata.uid ?? ""));
  }

  /** The objects that have been seen, the latest state of each. */
  objects(): ReadonlyMap<string, { readonly bucket: string; readonly object: KubeObject }> {
    return new Map(this.#events.map(({ bucket, object }) => [object.metadata.uid ?? "", { bucket, object }]));
  }
}
