/** The kinds that run containers: pods, and what makes pods. */
import type { Kind } from "./kind.ts";

export const workloadKinds: readonly Kind[] = [];
