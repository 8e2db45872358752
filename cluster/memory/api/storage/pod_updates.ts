/**
 * The changes of a running pod that have a subresource of their own.
 *
 * Source: `pkg/registry/core/pod/strategy.go` (podEphemeralContainersStrategy, podResizeStrategy).
 */
import { prepareForEphemeralContainers, prepareForResize } from "../../kinds/core/pod/strategy.ts";
import { validateEphemeralContainersUpdate, validateResize } from "../../kinds/core/pod/validation/subresources.ts";
import { equalJson } from "../../kinds/json.ts";
import { type Draft, draft } from "../../kinds/object.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import type { UpdateStrategy } from "../registry/update_strategy.ts";

type Prepare = (pod: Draft<Pod>, old: Draft<Pod>) => void;

const podStrategy = (prepare: Prepare, validate: (pod: Pod, old: Pod) => ReturnType<UpdateStrategy["validate"]>) => ({
  prepare(object, old) {
    const pod = object as Draft<Pod>;
    prepare(pod, draft(old as unknown as Pod));
    if (!equalJson(pod.spec, (old as unknown as Pod).spec)) {
      pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
    }
  },
  validate: (object, old) => validate(object as unknown as Pod, old as unknown as Pod),
} satisfies UpdateStrategy as UpdateStrategy);

/** `kubectl debug` */
export const ephemeralContainers = podStrategy(prepareForEphemeralContainers, validateEphemeralContainersUpdate);

/** `kubectl patch --subresource resize` */
export const resize = podStrategy(prepareForResize, validateResize);
