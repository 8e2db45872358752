/** The revisions of a StatefulSet's template. Source: `pkg/controller/statefulset/stateful_set_control.go` (getStatefulSetRevisions). */
import { controllerRevisions, statefulSets as statefulSetKind } from "../../api/kind_refs.ts";
import type { Client } from "../../api/client.ts";
import type { Informer } from "../../api/informer.ts";
import type { ControllerRevision, Pod, PodTemplateSpec, StatefulSet } from "../../kinds/schema/types.ts";
import { isAlreadyExists } from "../controller.ts";
import { claim, controlledBy, newControllerRef, orphansIn } from "../controller_ref.ts";
import { byRevision, hashRevision, holds, revisionData } from "../history.ts";
import { matches } from "../selectors.ts";
import { revisionOf } from "./identity.ts";

const HASH = "controller.kubernetes.io/hash";

export interface Revisions {
  readonly all: readonly ControllerRevision[];
  /** What pods have that are not updated yet. */
  readonly current: ControllerRevision;
  /** The present template. */
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

export async function syncRevisions(
  client: Client,
  informer: Informer<ControllerRevision>,
  set: StatefulSet,
): Promise<Revisions> {
  const { namespace } = set.metadata;
  const selected = ({ metadata }: ControllerRevision) => matches(set.spec.selector, metadata.labels);
  const candidates = [...controlledBy(informer, set, "StatefulSet"), ...orphansIn(informer, namespace!)].filter(
    selected,
  );
  const request = { client, kind: controllerRevisions, owner: set, ownerKind: statefulSetKind, matches: selected };
  const all = (await claim(request, candidates)).sort(byRevision);
  const data = revisionData(set.spec.template);
  const latest = all.at(-1);
  const number = (latest?.revision ?? 0) + 1;
  const equal = all.findLast((revision) => holds(revision, data));
  let collisionCount = set.status?.collisionCount ?? 0;
  let update: ControllerRevision;
  if (equal !== undefined && equal === latest) update = latest;
  else if (equal !== undefined) update = await client.update(controllerRevisions, { ...equal, revision: number });
  else ({ update, collisionCount } = await createRevision(client, set, data, number, collisionCount));
  const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  return { all, current, update, collisionCount };
}

async function createRevision(client: Client, set: StatefulSet, data: unknown, revision: number, collisions: number) {
  const { name: parent, namespace, annotations } = set.metadata;
  for (let collisionCount = collisions;; collisionCount++) {
    const hash = hashRevision(data, collisionCount);
    const name = `${parent!.slice(0, 223)}-${hash}`;
    try {
      const update = await client.create(controllerRevisions, {
        apiVersion: "apps/v1",
        kind: "ControllerRevision",
        metadata: {
          name,
          namespace,
          labels: { ...set.spec.template.metadata?.labels, [HASH]: hash },
          ...annotations === undefined ? {} : { annotations },
          ownerReferences: [newControllerRef(set, statefulSetKind)],
        },
        data,
        revision,
      } as ControllerRevision);
      return { update, collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const existing = await client.get<ControllerRevision>(controllerRevisions, namespace, name);
      if (holds(existing, data)) return { update: existing, collisionCount };
    }
  }
}

/** The set with the template of a revision. */
export function applyRevision(set: StatefulSet, { data }: ControllerRevision): StatefulSet {
  const { $patch: _, ...template } =
    (data as { spec: { template: PodTemplateSpec & { $patch?: string } } }).spec.template;
  return { ...set, spec: { ...set.spec, template } };
}

/** Deletes the oldest revisions beyond the limit, but those in use. */
export async function truncateHistory(client: Client, set: StatefulSet, pods: readonly Pod[], revisions: Revisions) {
  const { all, current, update } = revisions;
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)]);
  const history = all.filter(({ metadata }) => !live.has(metadata.name));
  const limit = set.spec.revisionHistoryLimit ?? 10;
  for (const { metadata } of history.slice(0, Math.max(0, history.length - limit))) {
    await client.delete(controllerRevisions, metadata.namespace, metadata.name!);
  }
}
