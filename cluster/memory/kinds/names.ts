/**
 * The rules for names, keys and values, with the words in which Kubernetes says what is wrong.
 *
 * Each function returns the messages for a value, none when it is right. The regular expressions in the messages are
 * Kubernetes' own; what is run here is equivalent but takes linear time whatever the value.
 *
 * Source: `k8s.io/apimachinery/pkg/util/validation/validation.go` and `pkg/api/validate/content`.
 */
import { duplicate, type FieldError, invalid, required } from "./field_error.ts";
import type { NameRule, OwnNameRule } from "./kind.ts";
import type { KubeObject } from "./object.ts";

/** A rule: what is wrong with a value. */
export type Rule = (value: string) => string[];

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const UNDERSCORE_SUBDOMAIN = `${UNDERSCORE_LABEL}(\\.${UNDERSCORE_LABEL})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

const encoder = new TextEncoder();
/** Go counts bytes where JavaScript counts UTF-16 units: as many, for the ASCII that almost every name is. */
export function byteLength(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return encoder.encode(text).length;
  return text.length;
}

const isLabel = (value: string) => /^(?!-)[-a-z0-9]+$/.test(value) && !value.endsWith("-");
const isSubdomain = (value: string) => value.split(".").every(isLabel);
const isUnderscoreLabel = (value: string) => /^_?[a-z0-9][-_a-z0-9]*$/.test(value) && /[a-z0-9]$/.test(value);
const isKeyName = (value: string) => /^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(value) && /[A-Za-z0-9]$/.test(value);

export const emptyError = "must be non-empty";
export const rangeError = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;

/** "… (e.g. 'a', or 'b', regex used for validation is '…')" */
export function regexError(message: string, regex: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${regex}')`;
  const listed = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${listed}regex used for validation is '${regex}')`;
}

const tooLong = (value: string, maximum: number, unit = "characters") =>
  byteLength(value) > maximum ? [`must be no more than ${maximum} ${unit}`] : [];

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** A DNS label, "my-name". */
export const dns1123Label: Rule = (value) => [
  ...tooLong(value, 63),
  ...isLabel(value)
    ? []
    : isSubdomain(value)
    ? ["must not contain dots"]
    : [regexError(LABEL_TEXT, LABEL, "my-name", "123-abc")],
];

const subdomain = (value: string, unit: string) => [
  ...tooLong(value, 253, unit),
  ...isSubdomain(value) ? [] : [regexError(SUBDOMAIN_TEXT, SUBDOMAIN, "example.com")],
];

/** A DNS subdomain, "example.com". */
export const dns1123Subdomain: Rule = (value) => subdomain(value, "characters");

export const dns1123SubdomainWithUnderscore: Rule = (value) => [
  ...tooLong(value, 253),
  ...value.split(".").every(isUnderscoreLabel) ? [] : [regexError(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    UNDERSCORE_SUBDOMAIN,
    "example.com",
  )],
];

/** A DNS label that begins with a letter, as a Service's name. */
export const dns1035Label: Rule = (value) => [
  ...tooLong(value, 63),
  ...isLabel(value) && /^[a-z]/.test(value) ? [] : [regexError(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    LABEL_1035,
    "my-name",
    "abc-123",
  )],
];

/** "*.example.com" */
export const wildcardDns1123Subdomain: Rule = (value) => [
  ...tooLong(value, 253),
  ...value.startsWith("*.") && isSubdomain(value.slice(2)) ? [] : [regexError(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    `\\*\\.${SUBDOMAIN}`,
    "*.example.com",
  )],
];

const KEY_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A label's key: a name with an optional prefix, "example.com/MyName". */
export const qualifiedName: Rule = (value) => {
  const parts = value.split("/");
  if (parts.length > 2) {
    return [
      `a valid label key ${regexError(KEY_TEXT, KEY, "MyName", "my.name", "123-abc")}` +
      " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  const name = parts[parts.length - 1];
  const messages: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === "") messages.push(`prefix part ${emptyError}`);
    else messages.push(...subdomain(parts[0], "bytes").map((message) => `prefix part ${message}`));
  }
  if (name === "") messages.push(`name part ${emptyError}`);
  else messages.push(...tooLong(name, 63, "bytes").map((message) => `name part ${message}`));
  if (!isKeyName(name)) messages.push(`name part ${regexError(KEY_TEXT, KEY, "MyName", "my.name", "123-abc")}`);
  return messages;
};

export const labelValue: Rule = (value) => [
  ...tooLong(value, 63, "bytes"),
  ...value === "" || isKeyName(value) ? [] : [regexError(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    `(${KEY})?`,
    "MyValue",
    "my_value",
    "12345",
  )],
];

/** What can stand in a URL's path: RBAC names such as "system:node". */
export const pathSegmentName: Rule = (value) =>
  value === "." || value === ".." ? [`may not be '${value}'`] : pathSegmentPrefix(value);
export const pathSegmentPrefix: Rule = (value) =>
  ["/", "%"].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);

export const cIdentifier: Rule = (value) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? [] : [regexError(
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
    "[A-Za-z_][A-Za-z0-9_]*",
    "my_name",
    "MY_NAME",
    "MyName",
  )];

export const portNumber = (port: number): string[] => port >= 1 && port <= 65535 ? [] : [rangeError(1, 65535)];
/** A user's or group's id. */
export const unixId = (id: number): string[] => id >= 0 && id <= 2147483647 ? [] : [rangeError(0, 2147483647)];

export const portName: Rule = (value) => [
  ...tooLong(value, 15),
  .../^[-a-z0-9]+$/.test(value) ? [] : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"],
  .../[a-z]/.test(value) ? [] : ["must contain at least one letter (a-z)"],
  ...value.includes("--") ? ["must not contain consecutive hyphens"] : [],
  ...value.startsWith("-") || value.endsWith("-") ? ["must not begin or end with a hyphen"] : [],
];

export const percent: Rule = (value) =>
  /^[0-9]+%$/.test(value)
    ? []
    : [regexError("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%")];

export const httpHeaderName: Rule = (value) =>
  /^[-A-Za-z0-9]+$/.test(value) ? [] : [
    regexError(
      "a valid HTTP header must consist of alphanumeric characters or '-'",
      "[-A-Za-z0-9]+",
      "X-Header-Name",
    ),
  ];

/** An environment variable's name as v1.34 and later take it: anything printable but "=". */
export const envVarName: Rule = (value) => [
  ...value === "" ? [`environment variable name ${emptyError}`] : [],
  .../^[\x20-\x3c\x3e-\x7e]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
];

/** A key of a ConfigMap or Secret. */
export const configMapKey: Rule = (value) => [
  ...tooLong(value, 253),
  .../^[-._a-zA-Z0-9]+$/.test(value) ? [] : [regexError(
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    "[-._a-zA-Z0-9]+",
    "key.name",
    "KEY_NAME",
    "key-name",
  )],
  ...value === "." || value === ".."
    ? [`must not be '${value}'`]
    : value.startsWith("..")
    ? ["must not start with '..'"]
    : [],
];

/** "0", "-12"; not "+1", "01". */
export const decimalInteger: Rule = (value) =>
  value === ""
    ? [emptyError]
    : /^(0|-?[1-9][0-9]*)$/.test(value)
    ? []
    : ["must be a valid decimal integer in canonical form"];

/** A prefix's last dash is taken for the beginning of what will be appended: "web-" is judged as "wea". */
const masked = (name: string, prefix: boolean) =>
  prefix && name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;

const RULES: Readonly<Record<NamedRule, Rule>> = {
  subdomain: dns1123Subdomain,
  label: dns1123Label,
  label1035: dns1035Label,
  service: dns1035Label,
  path: pathSegmentName,
  none: () => [],
};

type NamedRule = Exclude<NameRule, OwnNameRule<KubeObject>>;

/** A rule that asks for nothing but the name. */
export type BoundNameRule = NamedRule | ((name: string, prefix: boolean) => string[]);

/** The rule of a kind, for one of its objects. */
export const nameRuleOf = <T extends KubeObject>(rule: NameRule<T>, object: T): BoundNameRule =>
  typeof rule === "function" ? (name, prefix) => rule(name, prefix, object) : rule;

/**
 * What a kind's rule says of a name.
 *
 * @param prefix whether the name is a generateName, to which the server appends
 */
export function nameErrors(rule: BoundNameRule, name: string, prefix = false): string[] {
  if (typeof rule === "function") return rule(name, prefix);
  if (rule === "path") return prefix ? pathSegmentPrefix(name) : pathSegmentName(name);
  return RULES[rule](masked(name, prefix));
}

/** One error for each message: `check("spec.hostname", "a_b", dns1123Label)`. */
export const check = (field: string, value: string, rule: Rule): FieldError[] =>
  rule(value).map((message) => invalid(field, value, message));

/** "acme.io/foo": a domain, a slash and a path. */
export function domainPrefixedPath(field: string, value: string): FieldError[] {
  if (value === "") return [required(field)];
  const slash = value.indexOf("/");
  const [host, path] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (host === "" || path === "") {
    return [invalid(field, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const errors = check(field, host, dns1123Subdomain);
  if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path)) {
    errors.push(invalid(field, path, regexError("Invalid path", "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+")));
  }
  return errors;
}

/** "acme.io/foo": a label's key that must have its prefix. */
export function domainPrefixedKey(field: string, value: string): FieldError[] {
  if (value === "") return [required(field)];
  const errors = check(field, value, qualifiedName);
  if (errors.length > 0 || value.split("/").length === 2) return errors;
  return [invalid(field, value, 'must be a domain-prefixed key (such as "acme.io/foo")')];
}

/** A domain name with at least two parts; a dot may end it. */
export function fullyQualifiedDomainName(field: string, value: string): FieldError[] {
  if (value === "") return [required(field)];
  const name = value.endsWith(".") ? value.slice(0, -1) : value;
  const whole = dns1123Subdomain(name);
  if (whole.length > 0) return [invalid(field, name, whole.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) {
    return [invalid(field, name, "should be a domain with at least two segments separated by dots")];
  }
  for (const label of labels) {
    const wrong = dns1123Label(label);
    if (wrong.length > 0) return [invalid(field, label, wrong.join(","))];
  }
  return [];
}

/** A domain name with at least three parts. */
export function fullyQualifiedName(field: string, value: string): FieldError[] {
  if (value === "") return [required(field)];
  const whole = dns1123Subdomain(value);
  if (whole.length > 0) return [invalid(field, value, whole.join(","))];
  if (value.split(".").length >= 3) return [];
  return [invalid(field, value, "should be a domain with at least three segments separated by dots")];
}

/** An error for every value that came before: `duplicates(names, (i) => child(path, i))`. */
export function duplicates(values: readonly string[], pathOf: (index: number) => string): FieldError[] {
  const seen = new Set<string>();
  return values.flatMap((value, i) => {
    if (seen.has(value)) return [duplicate(pathOf(i), value)];
    seen.add(value);
    return [];
  });
}
