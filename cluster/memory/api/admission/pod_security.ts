import type { Namespace, ObjectMeta, Pod, PodSpec, PodTemplateSpec } from "../../kinds/schema/types.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Store } from "../../store/store.ts";
import { invalid } from "../status.ts";
import { describeViolations, violations } from "./pod_security/evaluate.ts";
import { compareLevels, describeLevel, type LevelVersion, policyOf, sameLevel } from "./pod_security/policy.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse, resourceOf, stored } from "./plugin.ts";

/** Subresources of pods that change nothing of what runs. */
const IGNORED = new Set(["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"]);

/** Where kinds that make pods keep the pod's template. */
const TEMPLATES: Readonly<Record<string, (object: KubeObject) => PodTemplateSpec | undefined>> = {
  podtemplates: (object) => (object as unknown as { template: PodTemplateSpec }).template,
  replicationcontrollers: templateInSpec,
  "apps/replicasets": templateInSpec,
  "apps/deployments": templateInSpec,
  "apps/daemonsets": templateInSpec,
  "apps/statefulsets": templateInSpec,
  "batch/jobs": templateInSpec,
  "batch/cronjobs": (object) =>
    templateInSpec((object as unknown as { spec: { jobTemplate: KubeObject } }).spec.jobTemplate),
};

function templateInSpec(object: KubeObject): PodTemplateSpec | undefined {
  return (object as unknown as { spec: { template?: PodTemplateSpec } }).spec.template;
}

/** How many pods of a namespace are checked when its labels change. */
const MOST_PODS = 3000;

/**
 * Namespaces choose by label which Pod Security Standard their pods must meet, and which they are warned of.
 *
 * Source: `k8s.io/pod-security-admission/admission`.
 */
export function podSecurity({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "PodSecurity",
    validate(attributes) {
      if (attributes.operation !== "CREATE" && attributes.operation !== "UPDATE") return;
      const resource = resourceOf(attributes);
      if (resource === "namespaces") {
        return attributes.subresource === "" ? checkNamespace(attributes, store) : undefined;
      }
      if (resource === "pods") return checkPod(attributes, store);
      const template = attributes.subresource === ""
        ? TEMPLATES[resource]?.(attributes.object as KubeObject)
        : undefined;
      if (template !== undefined) evaluate(attributes, store, template.metadata, template.spec, false);
    },
  };
}

function checkPod(attributes: Attributes, store: Store): void {
  if (IGNORED.has(attributes.subresource)) return;
  const pod = attributes.object as Pod;
  if (attributes.operation === "UPDATE" && !changesWhatRuns(pod.spec, (attributes.oldObject as Pod).spec)) return;
  evaluate(attributes, store, pod.metadata, pod.spec, true);
}

function evaluate(
  attributes: Attributes,
  store: Store,
  metadata: ObjectMeta,
  spec: PodSpec | undefined,
  enforces: boolean,
) {
  const namespace = stored<Namespace>(store, "namespaces", attributes.namespace);
  if (namespace === undefined || spec === undefined) return;
  const { enforce, warn } = policyOf(namespace.metadata.labels).policy;
  if (enforces) {
    const found = violations(enforce, spec, metadata);
    if (found.length > 0) {
      throw refuse(attributes, `violates PodSecurity "${describeLevel(enforce)}": ${describeViolations(found)}`);
    }
  }
  const found = violations(warn, spec, metadata);
  if (found.length > 0) {
    attributes.warn(`would violate PodSecurity "${describeLevel(warn)}": ${describeViolations(found)}`);
  }
}

function changesWhatRuns(spec: PodSpec, old: PodSpec): boolean {
  const images = ({ initContainers = [], containers }: PodSpec) => [
    initContainers.map(({ image }) => image),
    containers.map(({ image }) => image),
  ];
  if (JSON.stringify(images(spec)) !== JSON.stringify(images(old))) return true;
  const before = new Map((old.ephemeralContainers ?? []).map(({ name, image }) => [name, image]));
  return (spec.ephemeralContainers ?? []).some(({ name, image }) => !before.has(name) || before.get(name) !== image);
}

function checkNamespace(attributes: Attributes, store: Store): void {
  const { labels, name } = attributes.object!.metadata;
  const { policy: { enforce }, errors } = policyOf(labels);
  const before = attributes.operation === "UPDATE" ? policyOf(attributes.oldObject!.metadata.labels) : undefined;
  if (errors.length > 0 && JSON.stringify(before?.errors) !== JSON.stringify(errors)) {
    throw invalid({ group: "", name: "Namespace" }, name!, errors);
  }
  if (before === undefined) return;
  const was = before.policy.enforce;
  const isLooser = was.version === enforce.version && compareLevels(enforce.level, was.level) <= 0;
  if (sameLevel(enforce, was) || enforce.level === "privileged" || isLooser) return;
  for (const warning of existingViolations(store, name!, enforce)) attributes.warn(warning);
}

/** What a namespace's pods would violate of a new level, with one pod named for each kind of violation. */
function existingViolations(store: Store, namespace: string, enforce: LevelVersion): string[] {
  const pods = store.list<Pod>("pods", `${namespace}/`).map(({ object }) => object);
  const byReason = new Map<string, string[]>();
  for (const { metadata, spec } of pods.slice(0, MOST_PODS)) {
    const reasons = violations(enforce, spec, metadata).map(({ reason }) => reason).join(", ");
    if (reasons !== "") byReason.set(reasons, [...byReason.get(reasons) ?? [], metadata.name!]);
  }
  const warnings = [...byReason].map(([reasons, names]) => {
    const others = names.length - 1;
    const more = others === 0 ? "" : ` (and ${others} other ${others === 1 ? "pod" : "pods"})`;
    return `${names.sort()[0]}${more}: ${reasons}`;
  });
  return [
    ...pods.length > MOST_PODS
      ? [`new PodSecurity enforce level only checked against the first ${MOST_PODS} of ${pods.length} existing pods`]
      : [],
    ...warnings.length > 0
      ? [
        `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${
          describeLevel(enforce)
        }"`,
      ]
      : [],
    ...warnings.sort(),
  ];
}
