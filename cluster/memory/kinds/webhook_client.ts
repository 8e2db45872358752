/** Where a webhook is. Source: `k8s.io/apiserver/pkg/util/webhook/validation.go`. */
import { type FieldError, invalid, required } from "./field_error.ts";
import { dns1123Subdomain, portNumber } from "./names.ts";
import type { ServiceReference, WebhookClientConfig } from "./schema/types.ts";

const FORM = "; desired format: https://host[/path]";

export function validateClientConfig({ url, service }: WebhookClientConfig, path: string): FieldError[] {
  if ((url === undefined) === (service === undefined)) {
    return [required(path, "exactly one of url or service is required")];
  }
  return url === undefined ? validateService(service!, `${path}.service`) : validateUrl(url, `${path}.url`);
}

function validateUrl(text: string, path: string): FieldError[] {
  const [, scheme = "", authority, rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^]*)$/.exec(text)!;
  const at = authority?.lastIndexOf("@") ?? -1;
  const user = authority === undefined || at < 0 ? undefined : authority.slice(0, at);
  const host = (authority ?? "").slice(at + 1);
  const [beforeFragment, fragment = ""] = rest.split("#");
  const query = beforeFragment.split("?")[1] ?? "";
  const errors: FieldError[] = [];
  if (scheme.toLowerCase() !== "https") {
    errors.push(invalid(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${FORM}`));
  }
  if (host === "") errors.push(invalid(path, host, `host must be specified${FORM}`));
  if (user !== undefined) errors.push(invalid(path, user, "user information is not permitted in the URL"));
  if (fragment !== "") errors.push(invalid(path, fragment, "fragments are not permitted in the URL"));
  if (query !== "") errors.push(invalid(path, query, "query parameters are not permitted in the URL"));
  return errors;
}

function validateService(service: Partial<ServiceReference>, path: string): FieldError[] {
  const { name = "", namespace = "", port = 0, path: urlPath } = service;
  const wrongPort = portNumber(port);
  return [
    // Kubernetes takes one for the other here: the error of a missing namespace is at the name.
    ...namespace === "" ? [required(`${path}.name`)] : [],
    ...name === "" ? [required(`${path}.namespace`)] : [],
    ...wrongPort.length === 0 ? [] : [invalid(`${path}.port`, port, `port is not valid: ${wrongPort.join(", ")}`)],
    ...urlPath === undefined ? [] : validatePath(urlPath, `${path}.path`),
  ];
}

function validatePath(value: string, path: string): FieldError[] {
  if (value === "" || value === "/") return [];
  if (value === "//") return [invalid(path, value, "segment[0] may not be empty")];
  const errors = value.startsWith("/") ? [] : [invalid(path, value, "must start with a '/'")];
  return errors.concat(
    value.slice(1).replace(/\/$/, "").split("/").flatMap((step, i) => {
      if (step === "") return [invalid(path, value, `segment[${i}] may not be empty`)];
      return dns1123Subdomain(step).map((message) => invalid(path, value, `segment[${i}]: ${message}`));
    }),
  );
}
