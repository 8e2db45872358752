/** How `kubectl get services` shows a Service. Source: `pkg/printers/internalversion/printers.go`. */
import type { Service } from "../../schema/types.ts";
import { age, labelsText, tableOf } from "../../table.ts";

export const serviceTable = tableOf<Service>("core.v1.Service", (service, now) => [
  service.metadata.name ?? "",
  service.spec?.type ?? "",
  service.spec?.clusterIPs?.[0] ?? "<none>",
  externalAddress(service),
  ports(service) || "<none>",
  age(service.metadata.creationTimestamp, now),
  labelsText(service.spec?.selector),
]);

function externalAddress({ spec = {}, status }: Service): string {
  const { externalIPs = [] } = spec;
  switch (spec.type) {
    case "ClusterIP":
    case "NodePort":
      return externalIPs.join(",") || "<none>";
    case "LoadBalancer": {
      const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
      return [...[...new Set(given)].filter((address) => address !== "").sort(), ...externalIPs].join(",") ||
        "<pending>";
    }
    case "ExternalName":
      return spec.externalName ?? "";
    default:
      return "<unknown>";
  }
}

const ports = ({ spec }: Service): string =>
  (spec?.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`
  ).join(",");
