/**
 * The seam: everything above talks to a cluster, real or in memory, through this and the official client alone.
 */

/** What a cluster may be able to do beyond the API. */
export type Capability = "node-shell" | "virtual-time";

/** A cluster that answers. */
export interface Cluster extends AsyncDisposable {
  /** How a person knows it: "the memory cluster", "context kind-kind". */
  readonly label: { readonly en: string; readonly ko: string };
  readonly kubeconfig: KubeconfigRef;
  readonly capabilities: ReadonlySet<Capability>;
  /**
   * Lets `ms` milliseconds of the cluster's time pass; a cluster with virtual time settles instead of waiting where that
   * is sooner.
   */
  pass(ms: number, signal?: AbortSignal): Promise<void>;
  /** The cluster's time, in milliseconds since the epoch. */
  now(): number;
}

/** Where the client finds the server and its credentials. */
export interface KubeconfigRef {
  /** The kubeconfig's path, or its text where there is no file. */
  readonly path?: string;
  readonly text?: string;
  readonly context: string;
}
