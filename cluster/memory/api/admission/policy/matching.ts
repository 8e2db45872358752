/**
 * Which requests policies and their bindings are about.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go`.
 */
import type { MatchResources, NamedRuleWithOperations } from "../../../kinds/schema/types.ts";
import type { Served } from "../../registry/served.ts";
import type { Attributes } from "../plugin.ts";
import { namespaceMatches, objectMatches, ruleMatches } from "../resource_rule.ts";
import type { PolicyContext } from "./context.ts";

/** The version of the resource in which a rule asks for it; undefined when nothing asks. */
export function matchedVersion(
  match: MatchResources,
  attributes: Attributes,
  { store, kinds }: PolicyContext,
): Pick<Served, "group" | "version"> | undefined {
  if (!namespaceMatches(match.namespaceSelector, attributes, store)) return undefined;
  if (!objectMatches(match.objectSelector, attributes)) return undefined;
  const { group, version, resource } = attributes;
  const asked = { group, version };
  const isExact = match.matchPolicy === "Exact";
  const own = kinds.find(group, version, resource);
  const others = own === undefined || isExact
    ? []
    : kinds.all().filter(({ bucket, apiVersion }) => bucket === own.bucket && apiVersion !== own.apiVersion);
  const finds = (rules: readonly NamedRuleWithOperations[]) =>
    [asked, ...others].find((version) => rules.some((rule) => isAbout(rule, attributes, version)));
  if (finds(match.excludeResourceRules ?? []) !== undefined) return undefined;
  return match.resourceRules?.length ? finds(match.resourceRules) : asked;
}

function isAbout(
  rule: NamedRuleWithOperations,
  attributes: Attributes,
  { group, version }: Pick<Served, "group" | "version">,
): boolean {
  if (rule.resourceNames?.length && !rule.resourceNames.includes(attributes.name)) return false;
  return ruleMatches(rule, { ...attributes, group, version });
}
