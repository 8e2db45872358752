import type { Draft } from "../../kinds/object.ts";
import type { Binding, Node, Pod } from "../../kinds/schema/types.ts";
import { type AdmissionContext, type AdmissionPlugin, resourceOf, stored } from "./plugin.ts";

const LABELS = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/**
 * Tells a pod in which zone and region it runs: with its node, it gets the node's labels of these.
 *
 * Source: `plugin/pkg/admission/podtopologylabels`.
 */
export function podTopologyLabels({ store }: AdmissionContext): AdmissionPlugin {
  const label = (object: Draft<Pod> | Draft<Binding>, node: string | undefined): void => {
    if (!node) return;
    const labels = stored<Node>(store, "nodes", node)?.metadata.labels ?? {};
    const copied = LABELS.flatMap((key) => labels[key] === undefined ? [] : [[key, labels[key]]]);
    if (copied.length === 0) return;
    object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(copied) };
  };
  return {
    name: "PodTopologyLabels",
    admit(attributes) {
      if (attributes.operation !== "CREATE" || resourceOf(attributes) !== "pods") return;
      if (attributes.subresource === "") {
        const pod = attributes.object as Draft<Pod>;
        label(pod, pod.spec.nodeName);
      } else if (attributes.subresource === "binding") {
        const binding = attributes.object as Draft<Binding>;
        if (binding.target.kind === "Node") label(binding, binding.target.name);
      }
    },
  };
}
