/** The events that explain why a check does not hold: the warnings about its targets and all that they own. */
import type { ApiObject, ObjectClient } from "../cluster/cluster.ts";
import type { ApiEvent } from "./api_event.ts";
import type { Target } from "./criteria/criterion.ts";
import type { ExplainingEvent } from "./verdict.ts";

/** At most this many events are told, the latest first. */
const AT_MOST = 3;

/** What a namespace says about itself: read once for all checks that need it. */
export interface Witness {
  explain(targets: readonly Target[]): readonly ExplainingEvent[];
}

/** Kinds that stand between what a learner makes and the pods that run. */
const OWNED = [
  { apiVersion: "apps/v1", kind: "ReplicaSet" },
  { apiVersion: "v1", kind: "Pod" },
];

/** Reads the namespaces' events, and who owns whom. */
export async function witness(objects: ObjectClient, namespaces: readonly string[]): Promise<Witness> {
  const listed = await Promise.all(
    [{ apiVersion: "v1", kind: "Event" }, ...OWNED].map(async (kind) => {
      return (await Promise.all(namespaces.map((namespace) => objects.list({ ...kind, namespace })))).flat();
    }),
  );
  const [events, ...owned] = listed;
  const warnings = (events as readonly ApiObject[] as readonly ApiEvent[]).filter(({ type }) => type === "Warning");

  return {
    explain(targets) {
      const about = new Set<string>();
      const isTarget = (kind: string | undefined, name: string | undefined) =>
        targets.some((target) => target.kind === kind && (target.name === undefined || target.name === name));
      for (const one of owned.flat()) {
        const owners = one.metadata.ownerReferences ?? [];
        if (
          isTarget(one.kind, one.metadata.name) ||
          owners.some((owner) => isTarget(owner.kind, owner.name) || about.has(owner.uid))
        ) {
          about.add(one.metadata.uid ?? "");
        }
      }
      return warnings
        .filter(({ involvedObject: { kind, name, uid } }) => isTarget(kind, name) || about.has(uid ?? ""))
        .sort((a, b) => time(b).localeCompare(time(a)))
        .filter((event, i, all) => all.findIndex((other) => other.message === event.message) === i)
        .slice(0, AT_MOST)
        .map((event) => ({
          about: `${event.involvedObject.kind} ${event.involvedObject.name}`,
          type: event.type ?? "",
          reason: event.reason ?? "",
          message: event.message ?? "",
          count: event.series?.count ?? event.count ?? 1,
        }));
    },
  };
}

const time = ({ lastTimestamp, eventTime, metadata }: ApiEvent) =>
  lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "";
