/** The names of signers, "example.com/my-signer". Source: `pkg/apis/core/validation/names.go`. */
import { type FieldError, invalid, required, tooLong } from "../field_error.ts";
import { byteLength, dns1123Label, dns1123Subdomain, type Rule } from "../names.ts";

const LONGEST_DOMAIN = 253;
/** A domain, a slash, a namespace, a dot and a name. */
const LONGEST_NAME = 253 + 1 + 253 + 63 + 1;

export function validateSignerName(path: string, name: string): FieldError[] {
  if (name === "") return [required(path)];
  const segments = name.split("/");
  if (segments.length !== 2) {
    const message = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalid(path, name, message)];
  }
  const [domain, rest] = segments;
  return [
    ...byteLength(domain) > LONGEST_DOMAIN ? [tooLong(path, LONGEST_DOMAIN)] : [],
    ...firstWrongLabel(path, domain, dns1123Label),
    ...domain.includes(".")
      ? []
      : [invalid(path, domain, "should be a domain with at least two segments separated by dots")],
    ...firstWrongLabel(path, rest, dns1123Subdomain),
    ...byteLength(name) > LONGEST_NAME ? [tooLong(path, LONGEST_NAME)] : [],
  ];
}

/** The errors of the first part between dots that is wrong; those of the others would say the same. */
function firstWrongLabel(path: string, value: string, rule: Rule): FieldError[] {
  for (const label of value.split(".")) {
    const wrong = rule(label);
    if (wrong.length === 0) continue;
    return wrong.map((message) => invalid(path, value, `validating label ${JSON.stringify(label)}: ${message}`));
  }
  return [];
}
