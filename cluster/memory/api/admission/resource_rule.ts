/**
 * Which requests a webhook's or a policy's rules are about.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/webhook/predicates`.
 */
import { labelSelectorMatches } from "../../kinds/label_selector.ts";
import type { LabelSelector, Namespace, RuleWithOperations } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { type Attributes, stored } from "./plugin.ts";

export function ruleMatches(rule: RuleWithOperations, attributes: Attributes): boolean {
  const { operation, group, version, resource, subresource, namespace } = attributes;
  const isClusterWide = namespace === "" || (group === "" && resource === "namespaces");
  if (rule.scope === "Cluster" && !isClusterWide) return false;
  if (rule.scope === "Namespaced" && isClusterWide) return false;
  const includes = (list: readonly string[] | undefined, item: string) =>
    (list ?? []).some((one) => one === "*" || one === item);
  return includes(rule.operations, operation) && includes(rule.apiGroups, group) &&
    includes(rule.apiVersions, version) && (rule.resources ?? []).some((pattern) => {
      const [main, sub = ""] = pattern.split("/");
      return (main === "*" || main === resource) && (sub === "*" || sub === subresource);
    });
}

/** Whether the object, as it is or was, has labels that a selector asks for. */
export function objectMatches(selector: LabelSelector | undefined, { object, oldObject }: Attributes): boolean {
  return [object, oldObject].some((one) =>
    one !== undefined && labelSelectorMatches(selector ?? {}, one.metadata.labels)
  );
}

/** Whether the object's namespace has the labels; objects outside namespaces always pass. */
export function namespaceMatches(selector: LabelSelector | undefined, attributes: Attributes, store: Store): boolean {
  const { group, resource, namespace, name, object } = attributes;
  if (group === "" && resource === "namespaces") {
    const labels = object?.metadata.labels ?? stored<Namespace>(store, "namespaces", name)?.metadata.labels;
    return labelSelectorMatches(selector ?? {}, labels);
  }
  if (namespace === "") return true;
  return labelSelectorMatches(selector ?? {}, stored<Namespace>(store, "namespaces", namespace)?.metadata.labels);
}

const CONFIGURATION = /^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding)$/;

/** Admission's own configuration is never judged by it, or nobody could mend it. */
export function isAdmissionConfiguration({ group, kind }: Attributes): boolean {
  return group === "admissionregistration.k8s.io" && CONFIGURATION.test(kind);
}
