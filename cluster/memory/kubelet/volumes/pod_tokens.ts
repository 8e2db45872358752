/**
 * The tokens of their ServiceAccounts that a node's pods are given: asked of the API, bound to the pod, and asked anew
 * before they end.
 *
 * Source: `pkg/kubelet/token/token_manager.go`, `pkg/volume/projected/projected.go`.
 */
import type { Client } from "../../api/client.ts";
import { serviceAccounts } from "../../api/kind_refs.ts";
import { StatusError } from "../../api/status.ts";
import type { Clock } from "../../clock.ts";
import type { Pod, ServiceAccountTokenProjection, TokenRequest } from "../../kinds/schema/types.ts";
import { projectionsOf } from "./api_files.ts";
import { MountError } from "./mount_error.ts";

/** Seconds, where the volume does not say. */
const LIFETIME = 3600;
/** A token older than this part of its life, or than a day, is replaced. */
const OLD = 0.8;
const OLDEST = 24 * 3600;

interface Known {
  readonly token: string;
  /** Milliseconds of the clock. */
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** The tokens that one node's pods have. */
export class PodTokens {
  readonly #known = new Map<string, Known>();
  readonly #failed = new Map<string, string>();

  constructor(readonly options: { readonly client: Client; readonly clock: Clock }) {}

  /** Fetches what a pod's volumes need and is missing or old. @returns whether anything was fetched */
  async prepare(pod: Pod): Promise<boolean> {
    const now = this.options.clock.now();
    let fetched = false;
    for (const volume of pod.spec!.volumes ?? []) {
      for (const { serviceAccountToken: source } of projectionsOf(volume)) {
        if (source === undefined) continue;
        const key = keyOf(pod, source);
        if ((this.#known.get(key)?.renewAt ?? 0) > now) continue;
        await this.#fetch(key, pod, source);
        fetched = true;
      }
    }
    return fetched;
  }

  /** @throws {MountError} when the API gave none */
  get(pod: Pod, source: ServiceAccountTokenProjection): string | undefined {
    const key = keyOf(pod, source);
    const known = this.#known.get(key);
    if (known !== undefined && known.expiresAt > this.options.clock.now()) return known.token;
    const problem = this.#failed.get(key);
    if (problem === undefined) return undefined;
    throw new MountError(
      known === undefined ? `failed to fetch token: ${problem}` : `token ${key} expired and refresh failed: ${problem}`,
    );
  }

  /** Forgets the tokens of a pod that is gone. */
  forget(uid: string): void {
    for (const known of [this.#known, this.#failed]) {
      for (const key of known.keys()) if (key.startsWith(`${uid}/`)) known.delete(key);
    }
  }

  async #fetch(key: string, pod: Pod, { audience, expirationSeconds = LIFETIME }: ServiceAccountTokenProjection) {
    const { client, clock } = this.options;
    const { namespace, name, uid } = pod.metadata;
    const spec = {
      audiences: audience ? [audience] : [],
      expirationSeconds,
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
    };
    this.#failed.delete(key);
    try {
      const account = pod.spec!.serviceAccountName || "default";
      const answer = await client.post(serviceAccounts, namespace, account, "token", { spec });
      const token = (answer as TokenRequest).status?.token ?? "";
      const [now, lifetime] = [clock.now(), expirationSeconds * 1000];
      const renewAt = now + Math.min(lifetime * OLD, OLDEST * 1000);
      this.#known.set(key, { token, renewAt, expiresAt: now + lifetime });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#failed.set(key, error.message);
    }
  }
}

const keyOf = (
  { metadata: { uid } }: Pod,
  { audience = "", expirationSeconds = LIFETIME }: ServiceAccountTokenProjection,
) => `${uid}/${audience}/${expirationSeconds}`;
