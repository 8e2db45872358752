/** Whether a container's log is the note's own doing: then it can be compared. */
import type { ApiObject, Cluster } from "../../../cluster/cluster.ts";
import type { KubectlCommand } from "./command_line.ts";
import { type Contexts, namespaceOf } from "./contexts.ts";

const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  pod: ["v1", "Pod"],
  deployment: ["apps/v1", "Deployment"],
  deploy: ["apps/v1", "Deployment"],
  job: ["batch/v1", "Job"],
};

interface PodSpec {
  readonly containers?: readonly { readonly command?: unknown; readonly args?: unknown }[];
}

/** Whether every container of what `logs` names runs a command that its manifest gives, not one of its image. */
export async function hasOwnCommand(
  command: KubectlCommand,
  { cluster, contexts }: { readonly cluster: Cluster; readonly contexts: Contexts },
): Promise<boolean> {
  const { args: [target = ""] } = command;
  const [, resource = "pod", name = target] = /^([a-z]+)s?\/(.+)$/.exec(target) ?? [];
  const kind = KINDS[resource];
  if (kind === undefined || name === "") return false;
  const namespace = namespaceOf(command, contexts);
  const object = await cluster.objects.get({ apiVersion: kind[0], kind: kind[1], namespace, name });
  const containers = object === undefined ? [] : podSpecOf(object).containers ?? [];
  return containers.length > 0 && containers.every(({ command, args }) => command !== undefined || args !== undefined);
}

function podSpecOf({ spec }: ApiObject): PodSpec {
  const own = spec as PodSpec & { readonly template?: { readonly spec?: PodSpec } };
  return own.template?.spec ?? own;
}
