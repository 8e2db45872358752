/** A pod for tests of one rule: what the server would have made of the least that a pod can be. */
import { defaultPod } from "../../../../cluster/memory/kinds/core/pod/defaults.ts";
import type { Draft } from "../../../../cluster/memory/kinds/object.ts";
import type { Container, Pod } from "../../../../cluster/memory/kinds/schema/types.ts";

export type PodDraft = Draft<Pod>;

export const container = (more: Partial<Container> = {}): Draft<Container> =>
  ({ name: "app", image: "nginx:1.27", resources: {}, ...more }) as Draft<Container>;

/** @param change is made before the defaults, as a client's writing is */
export function testPod(change: (pod: PodDraft) => void = () => {}): PodDraft {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", resourceVersion: "1" },
    spec: { containers: [container()] },
    status: {},
  } as PodDraft;
  change(pod);
  defaultPod(pod);
  return pod;
}
