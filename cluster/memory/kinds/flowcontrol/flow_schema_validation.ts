/** Errors of a FlowSchema. Source: `pkg/apis/flowcontrol/validation/validation.go`. */
import { systemFlowSchemas } from "../bootstrap/flow_control.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { check, dns1123Label, dns1123Subdomain } from "../names.ts";
import type {
  FlowcontrolV1Subject,
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from "../schema/types.ts";

/** Those that no cluster is without. */
const MANDATORY = systemFlowSchemas().filter(({ metadata: { name } }) => name === "exempt" || name === "catch-all");
const HIGHEST_PRECEDENCE = 10_000;
const DISTINGUISHERS = ["ByNamespace", "ByUser"];
const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
const SUBJECTS = ["Group", "ServiceAccount", "User"];
/** [kind, its field] */
const SUBJECT_FIELDS = [["ServiceAccount", "serviceAccount"], ["User", "user"], ["Group", "group"]] as const;

export function validateFlowSchema({ metadata, spec }: FlowSchema): FieldError[] {
  const { matchingPrecedence: precedence = 0, distinguisherMethod: method, priorityLevelConfiguration: level, rules } =
    spec ?? {};
  const errors: FieldError[] = [];
  const wrong = (message: string) => errors.push(invalid("spec.matchingPrecedence", precedence, message));
  if (precedence <= 0) wrong("must be a positive value");
  if (precedence > HIGHEST_PRECEDENCE) wrong(`must not be greater than ${HIGHEST_PRECEDENCE}`);
  if (precedence === 1 && metadata.name !== "exempt") {
    wrong("only the schema named 'exempt' may have matchingPrecedence 1");
  }
  if (method && !DISTINGUISHERS.includes(method.type)) {
    errors.push(notSupported("spec.distinguisherMethod.type", { Type: method.type }, DISTINGUISHERS));
  }
  const path = "spec.priorityLevelConfiguration.name";
  if (level?.name) errors.push(...check(path, level.name, dns1123Subdomain));
  else errors.push(required(path, "must reference a priority level"));
  errors.push(...(rules ?? []).flatMap((rule, i) => validateRule(rule, `spec.rules[${i}]`)));
  const fixed = MANDATORY.find(({ metadata: { name } }) => name === metadata.name);
  if (fixed !== undefined && !equalJson(spec, fixed.spec)) {
    errors.push(invalid("spec", spec, `spec of '${metadata.name}' must equal the fixed value`));
  }
  return errors;
}

function validateRule(rule: PolicyRulesWithSubjects, path: string): FieldError[] {
  const { resourceRules = [], nonResourceRules = [] } = rule;
  // A list that must be there is null when it is not.
  const subjects = rule.subjects ?? [];
  return [
    ...subjects.length === 0
      ? [required(`${path}.subjects`, "subjects must contain at least one value")]
      : subjects.flatMap((subject, i) => validateSubject(subject, `${path}.subjects[${i}]`)),
    ...resourceRules.length + nonResourceRules.length === 0
      ? [required(path, "at least one of resourceRules and nonResourceRules has to be non-empty")]
      : [],
    ...resourceRules.flatMap((rule, i) => validateResourceRule(rule, `${path}.resourceRules[${i}]`)),
    ...nonResourceRules.flatMap((rule, i) => validateNonResourceRule(rule, `${path}.nonResourceRules[${i}]`)),
  ];
}

function validateSubject(subject: FlowcontrolV1Subject, path: string): FieldError[] {
  const { kind = "" } = subject;
  const own = SUBJECT_FIELDS.find(([name]) => name === kind)?.[1];
  if (own === undefined) return [notSupported(`${path}.kind`, kind, SUBJECTS)];
  return [
    ...validateNames(subject, own, `${path}.${own}`),
    ...SUBJECT_FIELDS.filter(([name, field]) => name !== kind && subject[field] !== undefined)
      .map(([name, field]) =>
        forbidden(`${path}.${field}`, `${field} is forbidden when subject kind is not '${name}'`)
      ),
  ];
}

function validateNames(subject: FlowcontrolV1Subject, field: "serviceAccount" | "user" | "group", path: string) {
  const source = subject[field];
  if (source === undefined) return [required(path, `${field} is required when subject kind is '${subject.kind}'`)];
  const { name = "" } = source;
  const errors: FieldError[] = name === "" ? [required(`${path}.name`)] : [];
  if (field !== "serviceAccount") return errors;
  if (name !== "" && name !== "*") errors.push(...check(`${path}.name`, name, dns1123Subdomain));
  const namespace = subject.serviceAccount?.namespace ?? "";
  if (namespace !== "") return [...errors, ...check(`${path}.namespace`, namespace, dns1123Label)];
  return [...errors, required(`${path}.namespace`, "must specify namespace for service account")];
}

function validateVerbs(verbs: readonly string[], path: string): FieldError[] {
  if (verbs.length === 0) return [required(path, "verbs must contain at least one value")];
  if (verbs.includes("*")) {
    return verbs.length > 1 ? [invalid(path, verbs, "if '*' is present, must not specify other verbs")] : [];
  }
  return verbs.every((verb) => VERBS.includes(verb)) ? [] : [notSupported(path, verbs, VERBS)];
}

function validateResourceRule(rule: ResourcePolicyRule, path: string): FieldError[] {
  const [apiGroups, resources, namespaces] = [rule.apiGroups ?? [], rule.resources ?? [], rule.namespaces ?? []];
  const errors = validateVerbs(rule.verbs ?? [], `${path}.verbs`);
  const list = (field: string, values: readonly string[], none: string, what: string) => {
    if (values.length === 0) errors.push(required(`${path}.${field}`, none));
    else if (values.length > 1 && values.includes("*")) {
      errors.push(invalid(`${path}.${field}`, values, `if '*' is present, must not specify other ${what}`));
    }
  };
  list("apiGroups", apiGroups, "resource rules must supply at least one api group", "api groups");
  list("resources", resources, "resource rules must supply at least one resource", "resources");
  const at = `${path}.namespaces`;
  if (namespaces.length === 0 && !rule.clusterScope) {
    const message = "resource rules that are not cluster scoped must supply at least one namespace";
    errors.push(required(at, message));
  } else if (namespaces.includes("*")) {
    if (namespaces.length > 1) {
      errors.push(invalid(at, namespaces, "if '*' is present, must not specify other namespaces"));
    }
  } else {
    const intro = "each member of this list must be '*' or a DNS-1123 label; ";
    namespaces.forEach((name, i) =>
      errors.push(...dns1123Label(name).map((message) => invalid(`${at}[${i}]`, name, intro + message)))
    );
  }
  return errors;
}

function validateNonResourceRule(rule: NonResourcePolicyRule, path: string) {
  const urls = rule.nonResourceURLs ?? [];
  const errors = validateVerbs(rule.verbs ?? [], `${path}.verbs`);
  const at = `${path}.nonResourceURLs`;
  if (urls.length === 0) errors.push(required(at, "nonResourceURLs must contain at least one value"));
  else if (urls.includes("*")) {
    if (urls.length > 1) errors.push(invalid(at, urls, "if '*' is present, must not specify other non-resource URLs"));
  } else {
    urls.forEach((url, i) => {
      const wrong = urlError(url);
      if (wrong !== undefined) errors.push(invalid(`${at}[${i}]`, url, wrong));
    });
  }
  return errors;
}

function urlError(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const wildcards = url.split("*").length - 1;
  return wildcards > 1 || (wildcards === 1 && !url.endsWith("/*")) ? "wildcard can only do suffix matching" : undefined;
}
