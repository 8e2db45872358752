/**
 * Gets a container's image onto the node, or says why it cannot be had.
 *
 * Source: `pkg/kubelet/images/image_manager.go`.
 */
import type { Clock } from "../../clock.ts";
import { Backoff } from "../backoff.ts";
import { imageNameProblem } from "../../kinds/core/pod/image_name.ts";
import type { Container as ContainerSpec } from "../../kinds/schema/types.ts";
import { type FoundImage, fullName, presentImages, type Registry } from "./registry.ts";

/** Why a container cannot be started, as its status says it. */
export class ContainerStartError extends Error {
  override readonly name = "ContainerStartError";
  /** @param reason "ErrImagePull", "CreateContainerConfigError" … */
  constructor(readonly reason: string, message: string, readonly backoffUntil?: number) {
    super(message);
  }
}

/** Tells an event about the container. */
export type ImageEvent = (type: "Normal" | "Warning", reason: string, message: string) => void;

const FIRST_BACKOFF = 10_000;
const LONGEST_BACKOFF = 300_000;
/** How fast a node pulls, in bytes a millisecond, and what asking the registry takes, in milliseconds. */
const SPEED = 80_000;
const ASKING = 250;
/** A registry that cannot be found is known to be so after this long. */
const LOOKUP = 60;

/** The images of one node. */
export class ImageManager {
  readonly #present = new Map<string, FoundImage>();
  /** The pull that was asked for last: one image is pulled at a time. */
  #lastPull: Promise<void> = Promise.resolve();
  readonly #backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);
  readonly #errors = new Map<string, string>();

  constructor(readonly clock: Clock, readonly registry: Registry, present: readonly string[] = presentImages) {
    for (const name of present) this.add(name);
  }

  /** Puts an image onto the node. */
  add(name: string): void {
    const found = this.registry.find(name);
    if (found !== undefined) this.#present.set(name, found);
  }

  /** The images on the node, the largest first, as the node's status lists them. */
  get images(): readonly FoundImage[] {
    return [...this.#present.values()].sort((a, b) => b.image.size - a.image.size);
  }

  /** Throws away the images that no container has. @param used by full name */
  removeUnused(used: readonly string[]): void {
    for (const name of this.#present.keys()) if (!used.includes(name)) this.#present.delete(name);
  }

  /** Forgets a pod's failures. */
  forget(uid: string): void {
    this.#backoff.forget(`${uid}_`);
    for (const key of this.#errors.keys()) if (key.startsWith(`${uid}_`)) this.#errors.delete(key);
  }

  /** @throws {ContainerStartError} */
  async ensure(
    uid: string,
    { image = "", imagePullPolicy }: Pick<ContainerSpec, "image" | "imagePullPolicy">,
    event: ImageEvent,
  ): Promise<FoundImage> {
    const name = fullName(image);
    if (name === undefined) {
      const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ` +
        `${JSON.stringify(image)}: ${imageNameProblem(image)}`;
      event("Warning", "InspectFailed", message);
      throw new ContainerStartError("InvalidImageName", message);
    }
    const present = this.#present.get(name);
    if (present !== undefined && imagePullPolicy !== "Always") {
      const quoted = JSON.stringify(image);
      event("Normal", "Pulled", `Container image ${quoted} already present on machine and can be accessed by the pod`);
      return present;
    }
    if (imagePullPolicy === "Never") {
      const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
      event("Warning", "ErrImageNeverPull", message);
      throw new ContainerStartError("ErrImageNeverPull", message);
    }
    return await this.#pull(`${uid}_${image}`, image, name, event);
  }

  async #pull(key: string, asked: string, name: string, event: ImageEvent): Promise<FoundImage> {
    const quoted = JSON.stringify(asked);
    if (this.#backoff.isInBackoffSinceUpdate(key, this.clock.now())) {
      event("Normal", "BackOff", `Back-off pulling image ${quoted}`);
      const error = this.#errors.get(key);
      const message = `Back-off pulling image ${quoted}${error === undefined ? "" : `: ${error}`}`;
      throw new ContainerStartError("ImagePullBackOff", message);
    }
    this.#errors.delete(key);
    event("Normal", "Pulling", `Pulling image ${quoted}`);
    const started = this.clock.now();
    const found = this.registry.find(name);
    if (found === undefined) {
      await this.clock.sleep(LOOKUP);
      const error = this.registry.pullError(name);
      event("Warning", "Failed", `Failed to pull image ${quoted}: ${error}`);
      this.#backoff.next(key, this.clock.now(), this.clock.now());
      this.#errors.set(key, `ErrImagePull: ${error}`);
      throw new ContainerStartError("ErrImagePull", error);
    }
    let pulledIn = 0;
    const pull = this.#lastPull.then(async () => {
      const begun = this.clock.now();
      await this.clock.sleep(ASKING + (this.#present.has(name) ? 0 : Math.round(found.image.size / SPEED)));
      pulledIn = this.clock.now() - begun;
    });
    this.#lastPull = pull;
    await pull;
    this.#present.set(name, found);
    const waited = this.clock.now() - started;
    event(
      "Normal",
      "Pulled",
      `Successfully pulled image ${quoted} in ${goDuration(pulledIn)} (${goDuration(waited)} including waiting). ` +
        `Image size: ${found.image.size} bytes.`,
    );
    return found;
  }
}

/** "1.234s", "250ms": a duration as Go prints it, to the millisecond. */
function goDuration(ms: number): string {
  const whole = Math.floor(ms);
  if (whole < 1000) return whole === 0 ? "0s" : `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = `${(whole % 60_000) / 1000}s`;
  return minutes === 0
    ? seconds
    : minutes < 60
    ? `${minutes}m${seconds}`
    : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
