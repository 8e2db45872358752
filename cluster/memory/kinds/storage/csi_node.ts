/** CSINode. Source: `pkg/registry/storage/csinode` and `pkg/apis/storage/validation`. */
import { validateCsiDriverName } from "../core/pod/validation/volume_sources.ts";
import { duplicate, type FieldError, invalid, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { byteLength, check, qualifiedName } from "../names.ts";
import { immutable } from "../object_meta.ts";
import type { CSINode, CSINodeDriver } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

const LONGEST_NODE_ID = 256;

export const csiNode = defineKind<CSINode>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSINode",
  plural: "csinodes",
  singular: "csinode",
  namespaced: false,
  type: "storage.v1.CSINode",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    unconditionalUpdate: false,
    validate,
    validateUpdate: (node, old) => [...validate(node), ...validateChange(node, old)],
  },
  table: tableOf("storage.v1.CSINode", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.drivers?.length ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ spec }: CSINode): FieldError[] {
  const names = new Set<string>();
  return (spec?.drivers ?? []).flatMap((driver, i) => {
    const path = `spec.drivers[${i}]`;
    const { name = "", nodeID = "", allocatable, topologyKeys } = driver;
    const errors = validateCsiDriverName(name, `${path}.name`);
    if (nodeID === "") errors.push(required(`${path}.nodeID`));
    if (byteLength(nodeID) > LONGEST_NODE_ID) {
      errors.push(invalid(`${path}.nodeID`, nodeID, `must be ${LONGEST_NODE_ID} characters or less`));
    }
    if ((allocatable?.count ?? 0) < 0) {
      errors.push(invalid(`${path}.allocatable.count`, allocatable!.count, "must be greater than or equal to 0"));
    }
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    return [...errors, ...validateTopologyKeys(topologyKeys ?? [], path)];
  });
}

const validateTopologyKeys = (keys: readonly string[], path: string): FieldError[] =>
  keys.flatMap((key, i) => [
    ...key === "" ? [required(path)] : [],
    ...keys.indexOf(key) < i ? [duplicate(path, key)] : [],
    ...check(path, key, qualifiedName),
  ]);

/** Of a driver that stays, only how much it can attach may change. */
function validateChange({ spec }: CSINode, old: CSINode): FieldError[] {
  const fixed = ({ allocatable: _, ...driver }: CSINodeDriver) => driver;
  return (old.spec?.drivers ?? []).flatMap((before) =>
    (spec?.drivers ?? []).filter(({ name }) => name === before.name)
      .filter((driver) => !equalJson(fixed(driver), fixed(before)))
      .map(({ name, nodeID, topologyKeys }) =>
        immutable("spec.drivers", { Name: name, NodeID: nodeID, TopologyKeys: topologyKeys ?? null, Allocatable: null })
      )
  );
}
