/** Which Services a change of a pod concerns. Source: `k8s.io/endpointslice/util/controller_utils.go`. */
import type { Handler, Informer } from "../../api/informer.ts";
import type { LabelSelector, Pod, Service } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { keyOfObject } from "../controller.ts";
import { indexBySelector, selecting } from "../label_index.ts";
import { isReady } from "../pod_state.ts";

const selectors = new WeakMap<object, LabelSelector>();

/** The selector of a Service that has one; one without is cared for by somebody else. */
export function serviceSelector({ spec }: Service): LabelSelector | undefined {
  const labels = spec.selector;
  if (labels === undefined || Object.keys(labels).length === 0) return undefined;
  let selector = selectors.get(labels);
  if (selector === undefined) selectors.set(labels, selector = { matchLabels: labels });
  return selector;
}

export const indexServices = (services: Informer<Service>): Informer<Service> =>
  indexBySelector(services, serviceSelector);

/** A handler of pods that adds the keys of the Services whose endpoints may change. */
export function servicesOfPod(services: Informer<Service>, add: (key: string) => void): Handler<Pod> {
  const keysFor = (pod: Pod, labels = pod.metadata.labels) =>
    selecting(services, pod.metadata.namespace!, labels, serviceSelector).map(keyOfObject);
  const all = (pod: Pod) => keysFor(pod).forEach(add);
  return {
    added: all,
    deleted: all,
    updated(pod, old) {
      const changed = endpointChanged(pod, old);
      const moved = !same(pod.metadata.labels, old.metadata.labels) ||
        pod.spec.hostname !== old.spec.hostname || pod.spec.subdomain !== old.spec.subdomain;
      if (!changed && !moved) return;
      const [now, before] = [new Set(keysFor(pod)), new Set(moved ? keysFor(pod, old.metadata.labels) : [])];
      // Where only the labels changed, a Service that selects the pod as before has nothing to do.
      for (const key of now) if (changed || !before.has(key)) add(key);
      for (const key of before) if (changed || !now.has(key)) add(key);
    },
  };
}

function endpointChanged(pod: Pod, old: Pod): boolean {
  return pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp || isReady(pod) !== isReady(old) ||
    pod.status?.phase !== old.status?.phase || !same(pod.status?.podIPs, old.status?.podIPs);
}
