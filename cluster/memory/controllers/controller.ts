/**
 * What a controller is: informers that tell it of changes, a queue of keys, and a function that reconciles one key.
 *
 * Source: the pattern of `k8s.io/kubernetes/pkg/controller`.
 */
import type { Client } from "../api/client.ts";
import { type EventRecorder, eventRecorder } from "../api/event_recorder.ts";
import type { Informer, Informers } from "../api/informer.ts";
import { keyOf } from "../api/informer.ts";
import { StatusError } from "../api/status.ts";
import { WorkQueue } from "../api/work_queue.ts";
import type { Clock } from "../clock.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { ControllerOptions } from "./options.ts";

/** What a controller works with. Its client has the controller's own identity; the informers are shared. */
export interface ControllerContext {
  readonly client: Client;
  readonly informers: Informers;
  readonly clock: Clock;
  /** Told of failures; the controller goes on. */
  readonly report: (error: unknown) => void;
  /** Resolves when every informer knows what is there: nothing is reconciled before. */
  readonly synced: Promise<void>;
  readonly options: ControllerOptions;
}

/** A controller that runs. */
export interface Controller {
  stop(): void;
}

/** Registers with the informers and begins to work. */
export type StartController = (context: ControllerContext) => Controller;

export interface ReconcileOptions {
  /** How often a key that keeps failing is tried again; for ever unless said. */
  readonly retries?: number;
  /** The first delay after a failure and the longest, in milliseconds. */
  readonly backoff?: { readonly first: number; readonly longest: number };
}

/** A queue whose keys are reconciled once the informers have synced; failures are reported, and retried later. */
export function reconcileQueue(
  { clock, synced, report }: ControllerContext,
  reconcile: (key: string) => Promise<void>,
  { retries = Infinity, backoff }: ReconcileOptions = {},
): WorkQueue {
  const failures = new Map<string, number>();
  const attempt = async (key: string) => {
    await synced;
    try {
      await reconcile(key);
      failures.delete(key);
    } catch (error) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      if (count <= retries && !isNamespaceTerminating(error)) throw error;
      failures.delete(key);
      report(error);
    }
  };
  return new WorkQueue(clock, attempt, { report: (_key, error) => report(error), backoff });
}

/** A recorder for the component's events. */
export function recorderOf({ client, clock, report }: ControllerContext, component: string): EventRecorder {
  return eventRecorder({ client, clock, component, report });
}

/** "namespace/name" of an object. */
export const keyOfObject = ({ metadata }: KubeObject): string => keyOf(metadata.namespace, metadata.name!);

/** Indexes an informer's objects by namespace, for {@linkcode inNamespace}. */
export function indexByNamespace<T extends KubeObject>(informer: Informer<T>): Informer<T> {
  return informer.index("namespace", ({ metadata }) => [metadata.namespace ?? ""]);
}

/** The objects of a namespace, without looking at any other. */
export const inNamespace = <T extends KubeObject>(informer: Informer<T>, namespace: string): T[] =>
  informer.by("namespace", namespace);

export const isNotFound = (error: unknown): boolean => error instanceof StatusError && error.reason === "NotFound";

export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof StatusError && error.reason === "AlreadyExists";

export const isConflict = (error: unknown): boolean => error instanceof StatusError && error.reason === "Conflict";

export const isInvalid = (error: unknown): boolean => error instanceof StatusError && error.reason === "Invalid";

/** Whether a write was refused because its namespace is being deleted: trying again is of no use. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof StatusError &&
    error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") === true;
}

/** The error's text as Go's `%v` has it. */
export const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Several errors as one, as Go's NewAggregate words them; undefined without any. */
export function aggregate(errors: readonly unknown[]): unknown {
  if (errors.length <= 1) return errors[0];
  const messages = [...new Set(errors.map(messageOf))];
  return messages.length === 1 ? errors[0] : new Error(`[${messages.join(", ")}]`);
}
