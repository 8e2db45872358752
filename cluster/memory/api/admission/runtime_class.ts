import type { Draft } from "../../kinds/object.ts";
import type { Pod, RuntimeClass, Toleration } from "../../kinds/schema/types.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse, resourceOf, stored } from "./plugin.ts";

/**
 * A pod's RuntimeClass must exist, and sets the pod's overhead and where it may run.
 *
 * Source: `plugin/pkg/admission/runtimeclass`.
 */
export function runtimeClass({ store }: AdmissionContext): AdmissionPlugin {
  const classOf = (attributes: Attributes): RuntimeClass | undefined => {
    const name = (attributes.object as Pod).spec.runtimeClassName;
    if (name === undefined) return undefined;
    const found = stored<RuntimeClass>(store, "node.k8s.io/runtimeclasses", name);
    if (found === undefined) throw refuse(attributes, `pod rejected: RuntimeClass "${name}" not found`);
    return found;
  };
  const applies = (attributes: Attributes) =>
    attributes.operation === "CREATE" && attributes.subresource === "" && resourceOf(attributes) === "pods";
  return {
    name: "RuntimeClass",
    admit(attributes) {
      if (!applies(attributes)) return;
      const found = classOf(attributes);
      if (found === undefined) return;
      setOverhead(attributes, found);
      setScheduling(attributes, found);
    },
    validate(attributes) {
      if (!applies(attributes)) return;
      const overhead = classOf(attributes)?.overhead;
      const set = (attributes.object as Pod).spec.overhead;
      if (overhead !== undefined) {
        if (!sameResources(overhead.podFixed, set)) {
          throw refuse(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
      } else if (set !== undefined) {
        throw refuse(attributes, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
      }
    },
  };
}

function setOverhead(attributes: Attributes, { overhead }: RuntimeClass): void {
  if (overhead === undefined) return;
  const { spec } = attributes.object as Draft<Pod>;
  if (Object.keys(spec.overhead ?? {}).length > 0 && !sameResources(overhead.podFixed, spec.overhead)) {
    throw refuse(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  spec.overhead = { ...overhead.podFixed };
}

function setScheduling(attributes: Attributes, { scheduling }: RuntimeClass): void {
  if (scheduling === undefined) return;
  const { spec } = attributes.object as Draft<Pod>;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) {
      throw refuse(
        attributes,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
    }
    spec.nodeSelector = { ...spec.nodeSelector, [key]: value };
  }
  const same = (a: Toleration, b: Toleration) =>
    a.key === b.key && a.operator === b.operator && a.value === b.value && a.effect === b.effect &&
    a.tolerationSeconds === b.tolerationSeconds;
  for (const toleration of scheduling.tolerations ?? []) {
    if ((spec.tolerations ?? []).some((own) => same(own, toleration))) continue;
    spec.tolerations = [...spec.tolerations ?? [], { ...toleration }];
  }
}

function sameResources(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
