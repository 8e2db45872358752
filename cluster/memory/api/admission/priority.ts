import type { Draft } from "../../kinds/object.ts";
import type { Pod, PriorityClass } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse, resourceOf, stored } from "./plugin.ts";

const BUCKET = "scheduling.k8s.io/priorityclasses";

/**
 * A pod's priority is the number of its PriorityClass; one class may be the default.
 *
 * Source: `plugin/pkg/admission/priority`.
 */
export function priority({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "Priority",
    admit(attributes) {
      if (attributes.subresource !== "" || resourceOf(attributes) !== "pods") return;
      if (attributes.operation === "CREATE") setPriority(attributes, store);
      else if (attributes.operation === "UPDATE") {
        const { spec } = attributes.object as Draft<Pod>;
        const old = (attributes.oldObject as Pod).spec;
        spec.priority ??= old.priority;
        spec.preemptionPolicy ??= old.preemptionPolicy;
      }
    },
    validate(attributes) {
      const { operation, subresource, object } = attributes;
      if (subresource !== "" || resourceOf(attributes) !== BUCKET) return;
      if (operation !== "CREATE" && operation !== "UPDATE") return;
      const { globalDefault, metadata } = object as PriorityClass;
      const current = globalDefault ? defaultClass(store) : undefined;
      if (current === undefined || (operation === "UPDATE" && current.metadata.name === metadata.name)) return;
      const why = `PriorityClass ${current.metadata.name} is already marked as default. Only one default can exist`;
      throw refuse(attributes, why);
    },
  };
}

function setPriority(attributes: Attributes, store: Store): void {
  const { spec } = attributes.object as Draft<Pod>;
  const asked = spec.priorityClassName;
  const found = asked ? stored<PriorityClass>(store, BUCKET, asked) : defaultClass(store);
  if (asked && found === undefined) throw refuse(attributes, `no PriorityClass with name ${asked} was found`);
  if (found !== undefined) spec.priorityClassName = found.metadata.name;
  const computed = found?.value ?? 0;
  if (spec.priority !== undefined && spec.priority !== computed) {
    throw refuse(
      attributes,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`,
    );
  }
  spec.priority = computed;
  const policy = found === undefined ? "PreemptLowerPriority" : found.preemptionPolicy;
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refuse(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  }
  spec.preemptionPolicy = policy;
}

/** The class for pods that name none; of several, the one with the lowest value. */
function defaultClass(store: Store): PriorityClass | undefined {
  return store.list<PriorityClass>(BUCKET).map(({ object }) => object)
    .filter(({ globalDefault }) => globalDefault)
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
}
