/**
 * Static pods from manifests in a folder of the node: a file that comes starts a pod, one that goes ends it, and one
 * that changes does both.
 *
 * Source: `pkg/kubelet/config/file.go`, `file_linux.go`.
 */
import type { Timer } from "../clock.ts";
import type { Partially } from "../kinds/object.ts";
import type { Pod } from "../kinds/schema/types.ts";
import type { Kubelet } from "./kubelet.ts";
import { textOf } from "./runtime/files/entry.ts";
import type { VolumeContent } from "./runtime/runtime.ts";
import { MANIFESTS } from "./volumes/node_files.ts";

/** Whoever writes a file is given so much time to finish it, in milliseconds. */
const PATIENCE = 500;

interface Running {
  /** The manifest's text. */
  readonly text: string;
  readonly namespace: string;
  /** The pod's, with the node's at its end. */
  readonly name: string;
}

export class StaticPods {
  /** By file. */
  readonly #running = new Map<string, Running>();
  #timer: Timer | undefined;

  constructor(readonly kubelet: Kubelet, readonly node: VolumeContent) {}

  /** Something in the folder has changed. */
  changed(): void {
    const { clock, report } = this.kubelet.context;
    this.#timer?.cancel();
    this.#timer = clock.after(PATIENCE, () => void clock.track(this.#look().catch(report)));
  }

  async #look(): Promise<void> {
    const { report } = this.kubelet.context;
    const found = new Map<string, string>();
    for (const [path, content] of this.node.files) {
      const file = path.slice(MANIFESTS.length);
      if (path.startsWith(MANIFESTS) && !file.includes("/") && !file.startsWith(".")) found.set(file, textOf(content));
    }
    for (const [file, { text, namespace, name }] of [...this.#running]) {
      if (found.get(file) === text) continue;
      this.#running.delete(file);
      await this.kubelet.removeStaticPod(namespace, name);
    }
    for (const [file, text] of found) {
      if (this.#running.has(file)) continue;
      // A file that is no pod is left alone, and tried again when it changes.
      await this.#start(file, text).catch(report);
    }
  }

  async #start(file: string, text: string): Promise<void> {
    const { readYaml } = await import("../api/decode/yaml.ts");
    const manifest = JSON.parse(readYaml(text).json) as Partially<Pod> | null;
    if (manifest?.kind !== "Pod") throw new Error(`${MANIFESTS}${file}: there is no Pod in it`);
    const { metadata: { namespace, name } } = await this.kubelet.addStaticPod(manifest);
    this.#running.set(file, { text, namespace: namespace!, name: name! });
  }
}
