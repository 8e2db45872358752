/** The revisions of a DaemonSet's template. Source: `pkg/controller/daemon/update.go` (constructHistory). */
import { controllerRevisions, daemonSets as daemonSetKind, pods as podKind } from "../../api/kind_refs.ts";
import { podTemplateHash } from "../../kinds/apps/pod_template_hash.ts";
import type { ControllerRevision, DaemonSet, Pod } from "../../kinds/schema/types.ts";
import { isAlreadyExists } from "../controller.ts";
import { claim, controlledBy, newControllerRef, orphansIn } from "../controller_ref.ts";
import { byRevision, highestRevision, holds, revisionData } from "../history.ts";
import { matches } from "../selectors.ts";
import { REVISION_HASH } from "./nodes.ts";
import { daemonPods, type Room } from "./room.ts";

export interface History {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

/** The revision of the present template, made or brought forward if need be, and the others. */
export async function constructHistory(room: Room, daemonSet: DaemonSet): Promise<History> {
  const { context: { client } } = room;
  const data = revisionData(daemonSet.spec.template);
  const all = await controlledRevisions(room, daemonSet);
  const old = all.filter((revision) => !holds(revision, data));
  const present = all.filter((revision) => holds(revision, data)).sort(byRevision);
  const number = highestRevision(old) + 1;
  const kept = present.pop();
  if (kept === undefined) return { current: await snapshot(room, daemonSet, data, number), old };
  for (const duplicate of present) await dropDuplicate(room, daemonSet, duplicate, kept);
  if (kept.revision >= number) return { current: kept, old };
  return { current: await client.update(controllerRevisions, { ...kept, revision: number }), old };
}

async function controlledRevisions({ context, revisions }: Room, daemonSet: DaemonSet): Promise<ControllerRevision[]> {
  const { namespace } = daemonSet.metadata;
  const candidates = [...controlledBy(revisions, daemonSet, "DaemonSet"), ...orphansIn(revisions, namespace!)];
  return await claim({
    client: context.client,
    kind: controllerRevisions,
    owner: daemonSet,
    ownerKind: daemonSetKind,
    matches: ({ metadata }: ControllerRevision) => matches(daemonSet.spec.selector, metadata.labels),
  }, candidates);
}

async function snapshot(
  room: Room,
  daemonSet: DaemonSet,
  data: unknown,
  revision: number,
): Promise<ControllerRevision> {
  const { context: { client } } = room;
  const { metadata, spec: { template }, status } = daemonSet;
  const hash = podTemplateHash(template, status?.collisionCount);
  const name = `${metadata.name}-${hash}`;
  try {
    return await client.create(controllerRevisions, {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name,
        namespace: metadata.namespace,
        labels: { ...template.metadata?.labels, [REVISION_HASH]: hash },
        annotations: metadata.annotations,
        ownerReferences: [newControllerRef(daemonSet, daemonSetKind)],
      },
      data,
      revision,
    } as ControllerRevision);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.get<ControllerRevision>(controllerRevisions, metadata.namespace, name);
    if (holds(existing, data)) return existing;
    const current = await client.get<DaemonSet>(daemonSetKind, metadata.namespace, metadata.name!);
    const collisionCount = (current.status?.collisionCount ?? 0) + 1;
    await client.updateStatus(daemonSetKind, { ...current, status: { ...current.status!, collisionCount } });
    throw error;
  }
}

/** Two revisions with the same template: the pods of the one become those of the other. */
async function dropDuplicate(
  room: Room,
  daemonSet: DaemonSet,
  duplicate: ControllerRevision,
  kept: ControllerRevision,
) {
  const { context: { client } } = room;
  const hash = kept.metadata.labels?.[REVISION_HASH];
  for (const { metadata } of await daemonPods(room, daemonSet)) {
    if (metadata.labels?.[REVISION_HASH] === hash) continue;
    const body = { metadata: { labels: { [REVISION_HASH]: hash } } };
    await client.patch<Pod>(podKind, metadata.namespace, metadata.name!, { type: "merge", body });
  }
  await client.delete(controllerRevisions, duplicate.metadata.namespace, duplicate.metadata.name!);
}

/** Deletes the oldest revisions beyond the limit, but those that pods still have. */
export async function cleanUpHistory(
  room: Room,
  daemonSet: DaemonSet,
  old: readonly ControllerRevision[],
  pods: readonly Pod[],
) {
  let surplus = old.length - (daemonSet.spec.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return;
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[REVISION_HASH]));
  for (const { metadata } of [...old].sort(byRevision)) {
    if (surplus <= 0) return;
    if (live.has(metadata.labels?.[REVISION_HASH])) continue;
    await room.context.client.delete(controllerRevisions, metadata.namespace, metadata.name!);
    surplus--;
  }
}
