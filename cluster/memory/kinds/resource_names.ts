/**
 * Which names of resources ("cpu", "hugepages-2Mi", "example.com/gpu") are what.
 *
 * Source: `pkg/apis/core/helper/helpers.go`.
 */
import { qualifiedName } from "./names.ts";

const COMPUTE = ["cpu", "memory", "ephemeral-storage"] as const;
/** Objects that a quota counts. */
const COUNTED = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
] as const;
const STANDARD: ReadonlySet<string> = new Set([
  ...COMPUTE,
  ...COMPUTE.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  "requests.storage",
  ...COUNTED,
]);

export const isHugePages = (name: string): boolean => name.startsWith("hugepages-");
const isQuotaHugePages = (name: string) => isHugePages(name) || name.startsWith("requests.hugepages-");

/** A name that Kubernetes itself gives a meaning, without a domain. */
export const isStandardResource = (name: string): boolean =>
  STANDARD.has(name) || name === "storage" || isQuotaHugePages(name);
export const isStandardQuotaResource = (name: string): boolean => STANDARD.has(name) || isQuotaHugePages(name);
export const isStandardContainerResource = (name: string): boolean =>
  (COMPUTE as readonly string[]).includes(name) || isHugePages(name);

/** Kubernetes' own resources, with or without its domain. */
export const isNativeResource = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/");

/** A device's resource, "example.com/gpu". */
export const isExtendedResource = (name: string): boolean =>
  !isNativeResource(name) && !name.startsWith("requests.") && qualifiedName(`requests.${name}`).length === 0;

/** Whether a limit may be more than what is requested. */
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePages(name);

/** Whether there is only one, two, three of it: never a half. */
export const isIntegerResource = (name: string): boolean =>
  (COUNTED as readonly string[]).includes(name) || isExtendedResource(name);
