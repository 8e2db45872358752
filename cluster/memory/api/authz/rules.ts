/**
 * What a rule of a Role allows, and what one set of rules covers of another.
 *
 * Source: `k8s.io/component-helpers/auth/rbac/validation`, `plugin/pkg/auth/authorizer/rbac`.
 */
import type { PolicyRule } from "../../kinds/schema/types.ts";

/** What somebody asks to do: with a resource, or with a path that is none. */
export type Action = ResourceAction | PathAction;

export interface ResourceAction {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, "pods/log". */
  readonly resource: string;
  /** "" when it is about all of them. */
  readonly name: string;
}

export interface PathAction {
  readonly verb: string;
  readonly path: string;
}

export function ruleAllows(rule: PolicyRule, action: Action): boolean {
  if (!includes(rule.verbs, action.verb)) return false;
  if ("path" in action) return (rule.nonResourceURLs ?? []).some((pattern) => pathCovers(pattern, action.path));
  return includes(rule.apiGroups, action.group) && resourcesCover(rule.resources, action.resource) &&
    (isEmpty(rule.resourceNames) || rule.resourceNames!.includes(action.name));
}

const isEmpty = (list: readonly string[] | undefined): boolean => list === undefined || list.length === 0;

function includes(list: readonly string[] | undefined, item: string): boolean {
  return list !== undefined && (list.includes("*") || list.includes(item));
}

/** "pods/log" is covered by "*", "pods/log" and "*\/log". */
function resourcesCover(resources: readonly string[] | undefined, resource: string): boolean {
  if (includes(resources, resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && resources !== undefined && resources.includes(`*${resource.slice(slash)}`);
}

function pathCovers(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, "")));
}

/** Rules of one verb, one group, one resource and at most one name each, or of one verb and one path. */
export function breakDown(rules: readonly PolicyRule[]): PolicyRule[] {
  return rules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }) => [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) => {
          const single = { verbs: [verb], apiGroups: [group], resources: [resource] };
          return resourceNames.length === 0
            ? [single]
            : resourceNames.map((name) => ({ ...single, resourceNames: [name] }));
        })
      )
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] }))),
  ]);
}

/** The parts of `wanted` that `held` does not allow, broken down. */
export function notCovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return breakDown(wanted).filter((part) => !held.some((rule) => covers(rule, part)));
}

/** @param part a rule as {@linkcode breakDown} gives it */
function covers(rule: PolicyRule, part: PolicyRule): boolean {
  if (!includes(rule.verbs, part.verbs[0])) return false;
  if (part.nonResourceURLs !== undefined) {
    return (rule.nonResourceURLs ?? []).some((pattern) => pathCovers(pattern, part.nonResourceURLs![0]));
  }
  return includes(rule.apiGroups, part.apiGroups![0]) && resourcesCover(rule.resources, part.resources![0]) &&
    (isEmpty(rule.resourceNames) ||
      (part.resourceNames !== undefined && rule.resourceNames!.includes(part.resourceNames[0])));
}

/** Joins single rules that differ only in their verbs, as the message about a missing permission shows them. */
export function compact(rules: readonly PolicyRule[]): PolicyRule[] {
  const joined = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    if (rule.nonResourceURLs !== undefined) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = joined.get(key);
    joined.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs, ...rule.verbs] });
  }
  return [...joined.values(), ...others];
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}` */
export function describeRule(rule: PolicyRule): string {
  const list = (name: string, items: readonly string[] | undefined) =>
    isEmpty(items) ? [] : [`${name}:[${items!.map((item) => JSON.stringify(item)).join(" ")}]`];
  return `{${
    [
      ...list("APIGroups", rule.apiGroups),
      ...list("Resources", rule.resources),
      ...list("NonResourceURLs", rule.nonResourceURLs),
      ...list("ResourceNames", rule.resourceNames),
      ...list("Verbs", rule.verbs),
    ].join(", ")
  }}`;
}
