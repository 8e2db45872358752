/**
 * What a container may be told of its own pod.
 *
 * Source: `pkg/fieldpath`, `pkg/api/v1/resource/helpers.go`.
 */
import { amount } from "../scheduler/helper/resources.ts";
import type { Container as ContainerSpec, Node, Pod, ResourceFieldSelector } from "../kinds/schema/types.ts";

const formatMap = (map: Readonly<Record<string, string>> | undefined) =>
  Object.keys(map ?? {}).sort().map((key) => `${key}=${JSON.stringify(map![key])}`).join("\n");

/** The value of a field of the pod, "metadata.labels['app']", "status.podIP". */
export function fieldValue(
  { metadata, spec }: Pod,
  path: string,
  { podIP, hostIP }: { readonly podIP: string; readonly hostIP: string },
): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (map !== undefined) return metadata[map as "labels" | "annotations"]?.[key] ?? "";
  switch (path) {
    case "metadata.name":
      return metadata.name!;
    case "metadata.namespace":
      return metadata.namespace!;
    case "metadata.uid":
      return metadata.uid!;
    case "metadata.labels":
    case "metadata.annotations":
      return formatMap(path === "metadata.labels" ? metadata.labels : metadata.annotations);
    case "spec.nodeName":
      return spec!.nodeName!;
    case "spec.serviceAccountName":
      return spec!.serviceAccountName ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return hostIP;
    case "status.podIP":
    case "status.podIPs":
      return podIP;
    default:
      return "";
  }
}

/** An amount that a container asks for or may use, in units of the divisor; the node's own where it says nothing. */
export function resourceValue(
  pod: Pod,
  container: ContainerSpec,
  { containerName, resource, divisor }: ResourceFieldSelector,
  node: Node | undefined,
): string {
  const all = [...pod.spec!.containers, ...pod.spec!.initContainers ?? []];
  const of = containerName ? all.find(({ name }) => name === containerName) ?? container : container;
  const [kind, ...rest] = resource.split(".");
  const name = rest.join(".");
  const own = kind === "limits" ? of.resources?.limits?.[name] : of.resources?.requests?.[name];
  const quantity = own ?? (kind === "limits" ? node?.status?.allocatable?.[name] : undefined) ?? "0";
  const unit = divisor === undefined || divisor === "0" ? "1" : divisor;
  return String(Math.ceil(amount(name, quantity) / amount(name, unit)));
}
