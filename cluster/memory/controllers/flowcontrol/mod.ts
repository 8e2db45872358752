/**
 * Says of each FlowSchema whether the priority level that it names exists.
 *
 * The API server does this itself, as a part of its priority and fairness: here nothing else of that has an effect.
 *
 * Source: presyncFlowSchemaStatus of `k8s.io/apiserver/pkg/util/flowcontrol/apf_controller.go`.
 */
import { flowSchemas as schemaKind, priorityLevelConfigurations as levelKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { FlowSchema, PriorityLevelConfiguration } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, reconcileQueue } from "../controller.ts";

export function startFlowSchemaStatus(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const schemas = informers.for<FlowSchema>(schemaKind).index("level", (schema) => [levelOf(schema)]);
  const levels = informers.for<PriorityLevelConfiguration>(levelKind);

  const queue = reconcileQueue(context, async (name) => {
    const schema = schemas.get(undefined, name);
    if (schema === undefined) return;
    const level = levelOf(schema);
    const wanted = dangling(level, levels.get(undefined, level) !== undefined);
    const found = schema.status?.conditions?.find(({ type }) => type === wanted.type);
    if (found?.status === wanted.status && found.reason === wanted.reason && found.message === wanted.message) return;
    const condition = { ...wanted, lastTransitionTime: timestamp(clock.now()) };
    try {
      const body = { status: { conditions: [condition] } };
      await client.patch(schemaKind, undefined, name, { type: "strategic", body, subresource: "status" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
  const add = ({ metadata }: FlowSchema) => queue.add(metadata.name!);
  const addUsers = ({ metadata }: PriorityLevelConfiguration) => schemas.by("level", metadata.name!).forEach(add);
  schemas.on({ added: add, updated: add });
  levels.on({ added: addUsers, deleted: addUsers });
  return queue;
}

const levelOf = ({ spec }: FlowSchema): string => spec?.priorityLevelConfiguration?.name ?? "";

function dangling(level: string, exists: boolean) {
  const reference = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return exists
    ? { type: "Dangling", status: "False", reason: "Found", message: `${reference} and it exists` }
    : { type: "Dangling", status: "True", reason: "NotFound", message: `${reference} but there is no such object` };
}
