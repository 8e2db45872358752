/** Secret. Source: `pkg/apis/core/{validation,v1}` and `pkg/registry/core/secret`. */
import { Buffer } from "node:buffer";
import { type FieldError, forbidden, invalid, required, tooLong } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { goJsonObjectError } from "../json_text.ts";
import { defineKind } from "../kind.ts";
import { configMapKey } from "../names.ts";
import { immutable, metadataErrors } from "../object_meta.ts";
import type { Draft } from "../object.ts";
import type { Secret } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { base64Length, LARGEST_DATA } from "./data_size.ts";
import { keyPairWarnings } from "./key_pair.ts";

const IMMUTABLE = "field is immutable when `immutable` is set";

export const secret = defineKind<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  singular: "secret",
  namespaced: true,
  type: "core.v1.Secret",
  strategy: {
    names: "subdomain",
    generation: false,
    defaults,
    prepareForUpdate: (object, old) => void (object.type ||= old.type),
    validate,
    validateUpdate: (object, old) => [...validateChange(object, old), ...metadataErrors(object), ...validate(object)],
    warnings: ({ type, data = {} }) =>
      type === "kubernetes.io/tls" ? keyPairWarnings(decoded(data["tls.crt"]), decoded(data["tls.key"])) : [],
  },
  table: tableOf("core.v1.Secret", ({ metadata, type, data = {} }, now) => [
    metadata.name ?? "",
    type ?? "",
    Object.keys(data).length,
    age(metadata.creationTimestamp, now),
  ]),
  selectableFields: ({ type = "" }) => ({ type }),
});

const decoded = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString("utf8");

function defaults(secret: Draft<Secret>) {
  secret.type ||= "Opaque";
  // stringData is a convenience for writing: it goes into data and is never stored.
  if (secret.stringData === undefined) return;
  for (const [key, value] of Object.entries(secret.stringData)) {
    secret.data ??= {};
    secret.data[key] = Buffer.from(value, "utf8").toString("base64");
  }
  delete secret.stringData;
}

function validate({ metadata, type, data = {} }: Secret): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.push(...configMapKey(key).map((message) => invalid(`data[${key}]`, key, message)));
    size += base64Length(value);
  }
  if (size > LARGEST_DATA) errors.push(tooLong("data", LARGEST_DATA));
  const missing = (...keys: readonly string[]) =>
    keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`));
  switch (type) {
    case "kubernetes.io/service-account-token":
      if (!metadata.annotations?.["kubernetes.io/service-account.name"]) {
        errors.push(required("metadata.annotations[kubernetes.io/service-account.name]"));
      }
      break;
    case "kubernetes.io/dockercfg":
      errors.push(...validateJson(data, ".dockercfg"));
      break;
    case "kubernetes.io/dockerconfigjson":
      errors.push(...validateJson(data, ".dockerconfigjson"));
      break;
    case "kubernetes.io/basic-auth": {
      const absent = missing("username", "password");
      if (absent.length === 2) errors.push(...absent);
      break;
    }
    case "kubernetes.io/ssh-auth":
      if (!data["ssh-privatekey"]) errors.push(required("data[ssh-privatekey]"));
      break;
    case "kubernetes.io/tls":
      errors.push(...missing("tls.crt", "tls.key"));
      break;
  }
  return errors;
}

function validateJson(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const field = `data[${key}]`;
  if (!Object.hasOwn(data, key)) return [required(field)];
  const wrong = goJsonObjectError(decoded(data[key]));
  return wrong === undefined ? [] : [invalid(field, "<secret contents redacted>", wrong)];
}

function validateChange(object: Secret, old: Secret): FieldError[] {
  const errors = (object.type ?? "") === (old.type ?? "") ? [] : [immutable("type", object.type ?? "")];
  if (!old.immutable) return errors;
  if (!object.immutable) errors.push(forbidden("immutable", IMMUTABLE));
  if (!equalJson(object.data, old.data)) errors.push(forbidden("data", IMMUTABLE));
  return errors;
}
