/**
 * The files of a pod's volumes, or why a volume cannot be mounted.
 *
 * Volumes made of ConfigMaps, Secrets and the pod itself are written anew when these change; all others keep what
 * containers write.
 *
 * Source: `pkg/kubelet/volumemanager`, `pkg/volume/util/operationexecutor` for the words.
 */
import type { Clock, Timer } from "../../clock.ts";
import type { Pod, Volume } from "../../kinds/schema/types.ts";
import type { VolumeContent } from "../runtime/runtime.ts";
import { apiFiles, type ApiFilesOptions, followsApi } from "./api_files.ts";
import { writeAtomically } from "./atomic_writer.ts";
import { boundVolume, claimName, type ClaimSources, persistentContent } from "./claim.ts";
import { prepareHostPath } from "./host_path.ts";
import { MountError } from "./mount_error.ts";

export interface VolumeOptions extends ApiFilesOptions {
  readonly claims: ClaimSources;
  /** Volumes that outlive pods, by key; "host:/" are the node's own files. */
  readonly shared: (key: string) => VolumeContent;
  /** Milliseconds of the clock. */
  readonly now: number;
}

/** Delays between attempts to mount a volume, in milliseconds. */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 122_000;
/** A claim that cannot be processed is looked at with the pod's next turn. */
const NEXT_TURN = 12_000;

/** Mounts a pod's volumes, remembering what is mounted and when a failed one is tried again. */
export class PodVolumes {
  readonly #mounted = new Map<string, VolumeContent>();
  readonly #failed = new Map<string, { readonly until: number; readonly delay: number }>();
  #waiting: { timer: Timer; readonly clock: Clock; readonly until: number; readonly done: () => void } | undefined;

  get(name: string): VolumeContent | undefined {
    return this.#mounted.get(name);
  }

  areMounted({ spec }: Pod): boolean {
    return (spec!.volumes ?? []).every(({ name }) => this.#mounted.has(name));
  }

  /**
   * Mounts what is not mounted yet and may be tried.
   * @param failed is told of each volume that cannot be, as the event says it
   * @returns when there is something to try again, in milliseconds of the clock; undefined when all are mounted
   */
  mount(pod: Pod, options: VolumeOptions, failed: (message: string) => void): number | undefined {
    const { now } = options;
    let next: number | undefined;
    const all = pod.spec!.volumes ?? [];
    const isClaim = (volume: Volume) => claimName(pod, volume) !== undefined;
    // What can be mounted at once is no part of what a claim's failure names.
    for (const volume of [...all.filter((volume) => !isClaim(volume)), ...all.filter(isClaim)]) {
      if (this.#mounted.has(volume.name)) continue;
      const failure = this.#failed.get(volume.name);
      let until = failure?.until ?? 0;
      if (until <= now) {
        const problem = this.#try(pod, volume, options);
        if (problem === undefined) continue;
        const doubled = failure === undefined ? FIRST_DELAY : Math.min(LONGEST_DELAY, failure.delay * 2);
        const delay = problem.step === "process" ? NEXT_TURN : doubled;
        until = now + delay;
        this.#failed.set(volume.name, { until, delay });
        failed(problem.message);
      }
      next = Math.min(next ?? Infinity, until);
    }
    return next;
  }

  /** Waits for the next attempt, in the background: nothing will come of it without new input. */
  wait(clock: Clock, ms: number): Promise<void> {
    return new Promise((done) => {
      this.#waiting = { clock, until: clock.now() + ms, done, timer: clock.after(ms, done, { background: true }) };
    });
  }

  /** What was missing may be there now: the next attempt counts. */
  expect(): void {
    if (this.#waiting === undefined) return;
    const { clock, until, done, timer } = this.#waiting;
    timer.cancel();
    this.#waiting.timer = clock.after(Math.max(0, until - clock.now()), done);
  }

  /** Nobody waits for the volumes any more. */
  giveUp(): void {
    this.#waiting?.timer.cancel();
    this.#waiting?.done();
  }

  /** Brings the files that follow the API up to date, where what they follow is still there. */
  refresh(pod: Pod, options: VolumeOptions): void {
    for (const volume of pod.spec!.volumes ?? []) {
      const mounted = this.#mounted.get(volume.name);
      if (mounted === undefined || !followsApi(volume)) continue;
      try {
        writeAtomically(mounted, apiFiles(pod, volume, options), options.now);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
      }
    }
  }

  /** @returns what went wrong, as the event says it */
  #try(pod: Pod, volume: Volume, options: VolumeOptions): Pick<MountError, "step" | "message"> | undefined {
    const { claims, shared, now } = options;
    // A claim's volume is known by its own name.
    let { name } = volume;
    try {
      const claim = claimName(pod, volume);
      if (claim === undefined) this.#mounted.set(volume.name, volumeContent(pod, volume, options));
      else {
        const bound = boundVolume(pod, claim, claims);
        name = bound.metadata.name!;
        this.#mounted.set(volume.name, persistentContent(bound, shared, now));
      }
      this.#failed.delete(volume.name);
      return undefined;
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      const { step, message } = error;
      if (step !== "process") {
        return { step, message: `MountVolume.${STEPS[step]} for volume ${JSON.stringify(name)} : ${message}` };
      }
      const missing = (pod.spec!.volumes ?? []).filter(({ name }) => !this.#mounted.has(name)).map(({ name }) => name);
      const about = `unmounted volumes=[${missing.join(" ")}], unattached volumes=[], failed to process volumes=`;
      return { step, message: `Unable to attach or mount volumes: ${about}[${volume.name}]: ${message}` };
    }
  }
}

const STEPS = { SetUp: "SetUp failed", NewMounter: "NewMounter initialization failed" } as const;

/** The files of a volume that is no claim. @throws {MountError} */
function volumeContent(pod: Pod, volume: Volume, options: VolumeOptions): VolumeContent {
  const { shared, now } = options;
  const { hostPath, nfs, csi } = volume;
  if (hostPath !== undefined) return prepareHostPath(shared("host:/"), hostPath.path, hostPath.type ?? "", now);
  if (nfs !== undefined) return shared(`nfs:${nfs.server}:${nfs.path}`);
  if (csi !== undefined) {
    const why = `driver name ${csi.driver} not found in the list of registered CSI drivers`;
    throw new MountError(`kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${why}`);
  }
  const content: VolumeContent = { files: new Map() };
  if (followsApi(volume)) writeAtomically(content, apiFiles(pod, volume, options), now);
  return content;
}
