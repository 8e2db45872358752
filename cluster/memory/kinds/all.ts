/** Every built-in kind that the memory cluster serves. */
import type { Kind } from "./kind.ts";
import { otherKinds } from "./others.ts";
import { workloadKinds } from "./workloads.ts";

export const allKinds: readonly Kind[] = [...workloadKinds, ...otherKinds];
