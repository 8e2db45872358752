/**
 * Going back to an earlier template when the (deprecated) annotation asks for it; `kubectl rollout undo` writes the
 * template itself.
 *
 * Source: `pkg/controller/deployment/rollback.go`.
 */
import { deployments } from "../../api/kind_refs.ts";
import type { Deployment } from "../../kinds/schema/types.ts";
import { sameTemplate, syncRevision, withoutHash } from "./replica_sets.ts";
import { lastRevision, revisionOf, ROLLBACK_TO, rolledBackAnnotations } from "./revisions.ts";
import { allOf, type Sync } from "./rollout.ts";

/** The revision that the deployment is asked to go back to: 0 for the last one, undefined when it is not asked. */
export function rollbackTo({ metadata }: Deployment): number | undefined {
  const text = metadata.annotations?.[ROLLBACK_TO];
  return text !== undefined && /^[-+]?[0-9]+$/.test(text) ? Number(text) : undefined;
}

export async function rollback(sync: Sync): Promise<void> {
  const all = allOf(await syncRevision(sync, true));
  const { deployment, room: { recorder } } = sync;
  const revision = rollbackTo(deployment) || lastRevision(all);
  const warn = (reason: string, message: string) => recorder.event(deployment, "Warning", reason, message);
  if (revision === 0) {
    warn("DeploymentRollbackRevisionNotFound", "Unable to find last revision.");
    return await update(sync, deployment);
  }
  const target = all.find((set) => revisionOf(set) === revision);
  if (target === undefined) {
    warn("DeploymentRollbackRevisionNotFound", "Unable to find the revision to rollback to.");
    return await update(sync, deployment);
  }
  const name = JSON.stringify(deployment.metadata.name);
  if (sameTemplate(deployment.spec.template, target.spec.template)) {
    const message = `The rollback revision contains the same template as current deployment ${name}`;
    warn("DeploymentRollbackTemplateUnchanged", message);
    return await update(sync, deployment);
  }
  await update(sync, {
    ...deployment,
    metadata: { ...deployment.metadata, annotations: rolledBackAnnotations(deployment, target) },
    spec: { ...deployment.spec, template: withoutHash(target.spec.template) },
  });
  recorder.event(deployment, "Normal", "DeploymentRollback", `Rolled back deployment ${name} to revision ${revision}`);
}

/** Writes the deployment without the annotation that asked. */
async function update(sync: Sync, deployment: Deployment): Promise<void> {
  const { [ROLLBACK_TO]: _, ...annotations } = deployment.metadata.annotations ?? {};
  const metadata = { ...deployment.metadata, annotations };
  sync.deployment = await sync.room.context.client.update(deployments, { ...deployment, metadata });
}
