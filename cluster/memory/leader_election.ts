/**
 * How components of which only one may work at a time show that they are the one: a Lease in kube-system that they
 * renew. Here each is alone, and leads from its start.
 *
 * Source: `k8s.io/client-go/tools/leaderelection`. It is renewed as often as it has to be to stay valid, which is less
 * often than the real ones do.
 */
import type { Client } from "./api/client.ts";
import { eventRecorder } from "./api/event_recorder.ts";
import { leases } from "./api/kind_refs.ts";
import { uuid } from "./api/registry/metadata.ts";
import { StatusError } from "./api/status.ts";
import { microTime } from "./api/timestamps.ts";
import type { Clock, Timer } from "./clock.ts";
import type { Lease } from "./kinds/schema/types.ts";

const NAMESPACE = "kube-system";
/** Seconds. */
const LEASE_DURATION = 15;
/** Milliseconds. */
const RENEW_INTERVAL = 10_000;

export interface Election {
  readonly client: Client;
  readonly clock: Clock;
  /** The lease's name, "kube-scheduler". */
  readonly name: string;
  /** Who tells that it leads, "default-scheduler". */
  readonly component: string;
  /** The machine on which it runs. */
  readonly host: string;
  readonly report: (error: unknown) => void;
}

/** Takes the lease, tells of it, and keeps it until it is stopped. */
export async function lead({ client, clock, name, component, host, report }: Election): Promise<{ stop(): void }> {
  const holderIdentity = `${host}_${uuid(clock)}`;
  const recorder = eventRecorder({ client, clock, component, report });
  let timer: Timer | undefined;
  let stopped = false;
  let held!: Lease;

  const acquire = async (): Promise<void> => {
    const now = microTime(clock.now());
    held = await client.create(leases, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: NAMESPACE },
      spec: {
        acquireTime: now,
        holderIdentity,
        leaseDurationSeconds: LEASE_DURATION,
        leaseTransitions: 0,
        renewTime: now,
      },
    });
    recorder.event(held, "Normal", "LeaderElection", `${holderIdentity} became leader`);
  };
  const write = async (lease: Lease): Promise<void> => {
    const spec = { ...lease.spec, holderIdentity, renewTime: microTime(clock.now()) };
    held = await client.update(leases, { ...lease, spec });
  };
  const renew = async (): Promise<void> => {
    try {
      // As a rule nobody else writes it: what was written last is what is there.
      await write(held).catch(async (error) => {
        if (!hasCode(error, 409)) throw error;
        await write(await client.get(leases, NAMESPACE, name));
      });
    } catch (error) {
      // Somebody deleted it: whoever comes first has it, and nobody else comes.
      if (!hasCode(error, 404)) throw error;
      await acquire();
    }
  };
  const later = () => {
    if (stopped) return;
    timer = clock.after(RENEW_INTERVAL, () => {
      void clock.track(renew().catch(report)).then(later);
    }, { background: true });
  };
  await acquire();
  later();
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

const hasCode = (error: unknown, code: number): boolean => error instanceof StatusError && error.code === code;
