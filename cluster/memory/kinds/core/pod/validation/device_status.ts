/** What a kubelet reports of devices that containers were given. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, invalid, notSupported, required, tooLong } from "../../../field_error.ts";
import { byteLength } from "../../../names.ts";
import type { Container, ContainerStatus } from "../../../schema/types.ts";

const HEALTH = ["Healthy", "Unhealthy", "Unknown"];
const MAX_HEALTH_MESSAGE = 4096;

/** The health of devices that a container was given. */
export function validateDeviceStatuses(
  statuses: readonly ContainerStatus[] = [],
  containers: readonly Container[] = [],
  path: string,
) {
  const errors: FieldError[] = [];
  for (const [i, { name, allocatedResourcesStatus = [] }] of statuses.entries()) {
    const container = containers.find((it) => it.name === name);
    for (const [j, allocated] of allocatedResourcesStatus.entries()) {
      const at = child(path, i, "allocatedResourcesStatus", j);
      if (container) errors.push(...validateAllocatedName(allocated.name, container, child(at, "name")));
      const seen = new Set<string>();
      for (const [k, { health = "", message, resourceID }] of (allocated.resources ?? []).entries()) {
        const resource = child(at, "resources", k);
        if (!HEALTH.includes(health)) errors.push(notSupported(child(resource, "health"), health, HEALTH));
        if (message === "") errors.push(required(child(resource, "message"), "must be non-empty if specified"));
        else if (byteLength(message ?? "") > MAX_HEALTH_MESSAGE) {
          errors.push(tooLong(child(resource, "message"), MAX_HEALTH_MESSAGE));
        }
        if (seen.has(resourceID)) errors.push(duplicate(child(resource, "resourceID"), resourceID));
        seen.add(resourceID);
      }
    }
  }
  return errors;
}

function validateAllocatedName(name: string, { resources }: Container, path: string): FieldError[] {
  if (!name.startsWith("claim:")) {
    if (resources?.requests?.[name] !== undefined) return [];
    return [invalid(path, name, "must match one of the container's resource requests")];
  }
  const claims = (resources?.claims ?? []).map((it) => `claim:${it.name}${it.request ? `/${it.request}` : ""}`);
  if (claims.includes(name)) return [];
  const format = "in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
  return [invalid(path, name, `must match one of the container's resource claims ${format}`)];
}
