/** A controller that runs in a pod, with the pod's own service account. */
import type { Pod } from "../kinds/schema/types.ts";
import type { ProxyTable } from "../network/proxy.ts";
import type { ControllerContext } from "./controller.ts";

export interface PodControllerContext extends Pick<ControllerContext, "client" | "informers" | "clock" | "report"> {
  /** The pod in which it runs. */
  readonly pod: Pod;
  /** The program's arguments, "--ingress-class=nginx". */
  readonly args: readonly string[];
  /** Whether it is the one of several replicas that writes. */
  leads(): boolean;
}

export interface PodController {
  /** What a proxy in a pod forwards by, where it is this controller's. */
  tableFor(pod: Pod): ProxyTable | undefined;
  /** Told when it may have come to lead. */
  lead(): void;
  /** Told when its container ends, before it is stopped: what it leaves behind. */
  retire?(): Promise<void>;
  stop(): void;
}

/** Resolves when the controller knows what is there. */
export type StartPodController = (context: PodControllerContext) => Promise<PodController>;

/**
 * The value of a program's argument: the last one counts, as Go's flags do.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { argument } from "./pod_controller.ts";
 *
 * assert.equal(argument(["/app", "--class=a", "--class=b"], "class"), "b");
 * assert.equal(argument(["--quiet"], "quiet"), "true");
 * assert.equal(argument([], "class"), undefined);
 * ```
 */
export function argument(args: readonly string[], name: string): string | undefined {
  const found = args.findLast((word) => new RegExp(`^--?${name}(=|$)`).test(word));
  return found === undefined ? undefined : found.includes("=") ? found.slice(found.indexOf("=") + 1) : "true";
}
