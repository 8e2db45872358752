/** Kubernetes' own formats of text. Source: `k8s.io/apiserver/pkg/cel/library/format.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { hasFormat } from "../../apiextensions/formats.ts";
import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName, type Rule } from "../../names.ts";
import { cel } from "../engine.ts";
import { registerNamespace } from "./namespace.ts";

class Format {
  constructor(readonly rule: Rule) {}
}

/** A prefix may end in a dash: what is made from it will not. */
const prefixed = (rule: Rule): Rule => (value) => rule(value.endsWith("-") ? `${value.slice(0, -1)}a` : value);
const formatted = (format: string): Rule => (value) => hasFormat(value, format) ? [] : [`invalid ${format}`];

const FORMATS: Readonly<Record<string, Rule>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  dns1123LabelPrefix: prefixed(dns1123Label),
  dns1123SubdomainPrefix: prefixed(dns1123Subdomain),
  dns1035LabelPrefix: prefixed(dns1035Label),
  qualifiedName,
  labelValue,
  uri: formatted("uri"),
  uuid: formatted("uuid"),
  byte: formatted("byte"),
  date: formatted("date"),
  datetime: formatted("datetime"),
};

export function registerNames(environment: Environment): void {
  const { Optional } = cel();
  environment.registerType("kubernetes.NamedFormat", Format);
  environment.registerFunction("kubernetes.NamedFormat.validate(string): optional<list<string>>", (
    { rule }: Format,
    text: string,
  ) => {
    const errors = rule(text);
    return errors.length === 0 ? Optional.none() : Optional.of(errors);
  });
  const byName = Object.entries(FORMATS).map(([name, rule]) =>
    [`${name}(): kubernetes.NamedFormat`, () => new Format(rule)] as const
  );
  registerNamespace(environment, "format", {
    ...Object.fromEntries(byName),
    "named(string): optional<kubernetes.NamedFormat>": (name: string) =>
      Object.hasOwn(FORMATS, name) ? Optional.of(new Format(FORMATS[name])) : Optional.none(),
  });
}
