/**
 * Binding: a pod gets its node, once.
 *
 * Source: `pkg/registry/core/pod/storage/storage.go` (BindingREST).
 */
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import { shapeOf } from "../../kinds/schema/shape.ts";
import type { Binding, Pod, Status } from "../../kinds/schema/types.ts";
import type { Call, Core } from "../registry/call.ts";
import { preconditionFailed } from "../registry/precondition.ts";
import type { StorageHooks } from "../registry/storage_hooks.ts";
import { rewrite } from "../registry/rewrite.ts";
import type { SubresourceHandler } from "../registry/subresource.ts";
import { badRequest, conflict, failure } from "../status.ts";
import { timestamp } from "../timestamps.ts";
import { admit, validateAdmission } from "../registry/admission.ts";

const SUCCESS: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };

async function bind(core: Core, call: Call, binding: Binding): Promise<Status> {
  if (binding.metadata.name !== call.name) throw badRequest("name in URL does not match name in Binding object");
  const { kind = "", name = "" } = binding.target ?? {};
  if (kind !== "" && kind !== "Node") {
    throw failure(
      500,
      "",
      `target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`,
    );
  }
  if (name === "") throw failure(500, "", "target.name: Required value");
  const admitted = draft(binding) as Draft<KubeObject>;
  await admit(core, call, "CREATE", admitted, undefined);
  await validateAdmission(core, call, "CREATE", admitted, undefined);
  const { uid, resourceVersion, annotations, labels } = admitted.metadata;
  const refused = (why: string) => conflict({ group: "", name: "pods/binding" }, call.name, why);
  rewrite<Pod>(core, call, (pod) => {
    const { metadata, spec } = pod;
    if (uid && uid !== metadata.uid) throw preconditionFailed(call, "UID", uid, metadata.uid);
    if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
      throw preconditionFailed(call, "ResourceVersion", resourceVersion, metadata.resourceVersion);
    }
    if (metadata.deletionTimestamp) throw refused(`pod ${call.name} is being deleted, cannot be assigned to a host`);
    if (spec.nodeName) throw refused(`pod ${call.name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
    if (spec.schedulingGates?.length) throw refused(`pod ${call.name} has non-empty .spec.schedulingGates`);
    spec.nodeName = name;
    if (annotations !== undefined) metadata.annotations = { ...metadata.annotations, ...annotations };
    if (labels !== undefined) metadata.labels = { ...metadata.labels, ...labels };
    const status = pod.status ??= {};
    delete status.nominatedNodeName;
    const others = (status.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
    const scheduled = {
      type: "PodScheduled",
      status: "True",
      lastTransitionTime: timestamp(core.clock.now()),
    };
    status.conditions = [...others, scheduled];
  });
  return SUCCESS;
}

/** POST …/pods/NAME/binding */
export const podBinding: SubresourceHandler = {
  type: { group: "", version: "v1", kind: "Binding", shape: shapeOf("core.v1.Binding") },
  create: (core, call, body) => bind(core, call, body as Binding),
};

/** POST …/bindings, the older way. */
export const bindings: StorageHooks = {
  respond(body, call, core) {
    const served = core.kinds.stored("pods")!;
    const name = body.metadata.name ?? "";
    return bind(core, { ...call, served, name, subresource: "binding" }, body as Binding) as Promise<KubeObject>;
  },
};
