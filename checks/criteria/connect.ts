/** `connect`: whether a pod can open a TCP connection, as network policies decide it. */
import { boolean, fields, integer, optional, string } from "../shape.ts";
import { from, lookInto, podTarget } from "./container.ts";
import { type CriterionType, DOES_NOT_EXIST, type Mismatch, type Scope } from "./criterion.ts";
import { ask, connectPrograms } from "./probe_programs.ts";
import { inside, type Shape } from "../shape.ts";

/** A host's name or address; or the pod whose address is meant, which cannot be known beforehand. */
type Destination = string | { readonly pod: string; readonly namespace?: string };

const podDestination = fields({ pod: string(), namespace: optional(string()) });
const destination: Shape<Destination> = (place) =>
  typeof place.value === "object" && place.value !== null ? podDestination(place) : string()(place);

const OWN_FIELDS = {
  connect: fields({
    from,
    to: destination,
    port: integer(1, 65535),
    /** true unless said. */
    allowed: optional(boolean),
  }),
};

export const connect: CriterionType = {
  keyword: "connect",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { from: origin, to, port, allowed = true } = reading.connect;
    const shown = inside(inside(place, "connect"), "to").value;
    const goal = typeof to === "string" ? String(shown) : `Pod ${to.pod}`;
    return {
      targets: [podTarget(origin), ...typeof to === "string" ? [] : [podTarget(to)]],
      async evaluate(scope) {
        const host = typeof to === "string" ? to : await addressOf(scope, to);
        if (typeof host !== "string") return [host];
        return await lookInto(scope, origin, async (container, subject) => {
          const { connected, said } = await ask(scope.objects, container, connectPrograms(host, port));
          if (connected === allowed) return [];
          const why = said === "" ? "" : ` (${said})`;
          const note = connected
            ? {
              en: `reaches ${goal} on port ${port}, but should not`,
              ko: `${goal}의 포트 ${port}에 연결됩니다. 연결되지 않아야 합니다`,
            }
            : {
              en: `cannot reach ${goal} on port ${port}${why}`,
              ko: `${goal}의 포트 ${port}에 연결할 수 없습니다${why}`,
            };
          return [{ subject, note }];
        });
      },
    };
  },
};

async function addressOf(
  scope: Scope,
  { pod, namespace = scope.namespace }: Exclude<Destination, string>,
): Promise<string | Mismatch> {
  const subject = `Pod ${pod}`;
  const found = await scope.objects.get({ apiVersion: "v1", kind: "Pod", namespace, name: pod });
  if (found === undefined) return { subject, note: DOES_NOT_EXIST };
  const { podIP } = (found.status ?? {}) as { readonly podIP?: string };
  return podIP ?? { subject, note: { en: "has no address yet", ko: "아직 IP 주소가 없습니다" } };
}
