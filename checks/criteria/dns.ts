/** `dns`: what a name means to a pod. */
import type { ContainerRef, ObjectClient } from "../../cluster/cluster.ts";
import { boolean, fields, optional, string } from "../shape.ts";
import { from, lookInto, podTarget } from "./container.ts";
import { type CriterionType, DOES_NOT_EXIST, type Mismatch, type Scope, type Target } from "./criterion.ts";
import { ask, dnsPrograms } from "./probe_programs.ts";

const OWN_FIELDS = {
  dns: fields({
    from,
    name: string(),
    /** true unless said. */
    resolves: optional(boolean),
    /** The Service whose addresses the name must have: its own, or its endpoints' where it is headless. */
    service: optional(fields({ name: string(), namespace: optional(string()) })),
  }),
};

export const dns: CriterionType = {
  keyword: "dns",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { from: origin, name, resolves = true, service } = reading.dns;
    const target: Target | undefined = service && { apiVersion: "v1", kind: "Service", ...service };
    return {
      targets: [podTarget(origin), ...target === undefined ? [] : [target]],
      async evaluate(scope) {
        const wanted = target === undefined ? undefined : await addressesOf(scope, target);
        if (wanted !== undefined && "subject" in wanted) return [wanted];
        return await lookInto(scope, origin, async (container, subject) => {
          const is = await lookUp(scope.objects, container, name);
          if (!resolves) {
            return is.length === 0 ? [] : [{
              subject,
              note: {
                en: `resolves ${name}, but should not`,
                ko: `조회되지 않아야 할 이름이 조회됩니다: ${name}`,
              },
            }];
          }
          if (is.length === 0) {
            return [{ subject, note: { en: `cannot resolve ${name}`, ko: `이름을 조회할 수 없습니다: ${name}` } }];
          }
          if (wanted === undefined || wanted.every((address) => is.includes(address))) return [];
          return [{ subject, path: `DNS ${name}`, is, should: wanted }];
        });
      },
    };
  },
};

/** The addresses of a name as programs in the container find them: with the search list of its resolver. */
async function lookUp(objects: ObjectClient, container: ContainerRef, name: string): Promise<readonly string[]> {
  const found = await ask(objects, container, dnsPrograms(name));
  // nslookup of busybox tries the list with a single word only.
  if (found.length > 0 || !name.includes(".") || name.endsWith(".")) return found;
  const { stdout } = await objects.exec(container, ["cat", "/etc/resolv.conf"]);
  const [domains = ""] = [...stdout.matchAll(/^search\s+(.*)$/gm)].map(([, list]) => list);
  for (const domain of domains.split(/\s+/).filter((word) => word !== "")) {
    const further = await ask(objects, container, dnsPrograms(`${name}.${domain}`));
    if (further.length > 0) return further;
  }
  return [];
}

interface Service {
  readonly spec: { readonly clusterIP?: string; readonly clusterIPs?: readonly string[] };
}

interface EndpointSlice {
  readonly endpoints?: readonly { readonly addresses: readonly string[] }[];
}

async function addressesOf(scope: Scope, target: Target): Promise<readonly string[] | Mismatch> {
  const { name = "", namespace = scope.namespace } = target;
  const subject = `Service ${name}`;
  const found = await scope.objects.get({ apiVersion: "v1", kind: "Service", namespace, name });
  if (found === undefined) return { subject, note: DOES_NOT_EXIST };
  const { clusterIP, clusterIPs } = (found as unknown as Service).spec;
  if (clusterIP !== "None") return clusterIPs ?? [clusterIP ?? ""];
  const slices = await scope.objects.list({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  }) as readonly unknown[] as readonly EndpointSlice[];
  const addresses = slices.flatMap(({ endpoints }) => endpoints ?? []).flatMap(({ addresses }) => addresses);
  return addresses.length > 0
    ? addresses.sort()
    : { subject, note: { en: "has no endpoints", ko: "엔드포인트가 없습니다" } };
}
