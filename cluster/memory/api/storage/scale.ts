/**
 * The scale subresource: how many replicas an object has, whatever its kind.
 *
 * Source: ScaleREST of `pkg/registry/apps/deployment/storage/storage.go` and the like,
 * `pkg/apis/autoscaling/validation`.
 */
import { child, type FieldError, invalid as invalidField } from "../../kinds/field_error.ts";
import type { ScaleStrategy } from "../../kinds/kind.ts";
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import { validateObjectMeta } from "../../kinds/object_meta.ts";
import { shapeOf } from "../../kinds/schema/shape.ts";
import type { ManagedFieldsEntry, Scale } from "../../kinds/schema/types.ts";
import { normalize } from "../decode/normalize.ts";
import { toParentEntries, toScaleEntries, updateManagedFields } from "../managed_fields/mod.ts";
import { admit, validateAdmission } from "../registry/admission.ts";
import type { Call, Core } from "../registry/call.ts";
import { writeOptions } from "../registry/field_management.ts";
import { get } from "../registry/get.ts";
import { setNamespace } from "../registry/metadata.ts";
import { preconditionFailed } from "../registry/precondition.ts";
import { inVersion } from "../registry/served.ts";
import type { SubresourceHandler } from "../registry/subresource.ts";
import { type Change, update } from "../registry/update.ts";
import { invalid } from "../status.ts";

const SHAPE = shapeOf("autoscaling.v1.Scale");
const TYPE = { group: "autoscaling", version: "v1", kind: "Scale", shape: SHAPE };

/** Where the numbers are, in every version that has a scale. */
const paths = ({ served }: Call) => ({ [served.apiVersion]: ["f:spec", "f:replicas"] });

function scaleOf(object: KubeObject, call: Call): Scale {
  const strategy = call.served.kind.scale as ScaleStrategy;
  const { name, namespace, uid, resourceVersion, creationTimestamp, managedFields } = object.metadata;
  const entries = toScaleEntries(managedFields, paths(call));
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp, managedFields: entries };
  const scale = {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata,
    spec: { replicas: strategy.replicas(object) },
    status: { replicas: strategy.currentReplicas(object), selector: strategy.selector(object) },
  };
  return normalize(scale as unknown as Scale, SHAPE);
}

const shown = (scale: Scale): KubeObject => {
  const { managedFields: _, ...metadata } = scale.metadata;
  return { ...scale, metadata } as unknown as KubeObject;
};

function validate({ metadata, spec }: Scale): FieldError[] {
  const errors = validateObjectMeta(metadata, true, "subdomain");
  const replicas = spec?.replicas ?? 0;
  if (replicas < 0) {
    errors.push(invalidField(child("spec", "replicas"), replicas, "must be greater than or equal to 0"));
  }
  return errors;
}

async function changeScale(core: Core, call: Call, change: Change): Promise<KubeObject> {
  // The object is written as itself, with the strategy of its own.
  const parent: Call = { ...call, subresource: "" };
  const { object } = await update(core, parent, {
    managesFields: true,
    admitted: true,
    async make(current) {
      const old = scaleOf(current!, call);
      const scale = await change.make(old as unknown as KubeObject) as unknown as Draft<Scale>;
      const now = draft(normalize(scale as Scale, SHAPE));
      setNamespace(now.metadata, call.namespace);
      if (!change.managesFields) noteScale(core, call, old, now);
      const [object, before] = [now as unknown as Draft<KubeObject>, old as unknown as KubeObject];
      await admit(core, call, "UPDATE", object, before);
      const errors = validate(now as Scale);
      if (errors.length > 0) throw invalid({ group: "autoscaling", name: "Scale" }, call.name, errors);
      await validateAdmission(core, call, "UPDATE", object, before);
      const { uid, resourceVersion, managedFields } = now.metadata;
      if (uid && uid !== current!.metadata.uid) throw preconditionFailed(call, "UID", uid, current!.metadata.uid);
      const result = draft(current!);
      call.served.kind.scale!.withReplicas(result, now.spec?.replicas ?? 0);
      // A scale of no state in particular is of the latest.
      if (resourceVersion) result.metadata.resourceVersion = resourceVersion;
      const { apiVersion } = call.served;
      const parentEntries = current!.metadata.managedFields;
      const entries = toParentEntries(parentEntries, managedFields as ManagedFieldsEntry[], apiVersion, paths(call));
      if (entries === undefined) delete result.metadata.managedFields;
      else result.metadata.managedFields = entries as Draft<ManagedFieldsEntry>[];
      return result;
    },
  });
  return shown(scaleOf(inVersion(call.served, object), call));
}

function noteScale(core: Core, call: Call, old: Scale, scale: Draft<Scale>): void {
  const options = { ...writeOptions(core, call), apiVersion: "autoscaling/v1", shape: SHAPE, reset: undefined };
  const entries = updateManagedFields(old, scale, options);
  scale.metadata.managedFields = entries as Draft<ManagedFieldsEntry>[] | undefined;
}

/** GET, PUT and PATCH of …/scale, for every kind that has replicas. */
export const scale: SubresourceHandler = {
  type: TYPE,
  get: (core, call) => shown(scaleOf(inVersion(call.served, get(core, call)), call)),
  update: changeScale,
};
