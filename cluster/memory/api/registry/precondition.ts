/**
 * A write that was meant for another object of the same name, or for another state of it.
 *
 * Source: Preconditions.Check in `k8s.io/apiserver/pkg/storage/interfaces.go`, and what InterpretUpdateError makes of it.
 */
import { isCustom } from "../discovery/resources.ts";
import { conflict, type StatusError } from "../status.ts";
import { type Call, keyOfCall, resourceOfCall } from "./call.ts";

/** Resources that etcd has under names of earlier days. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  nodes: "minions",
  services: "services/specs",
  endpoints: "services/endpoints",
  replicationcontrollers: "controllers",
  ingresses: "ingress",
};

/** Kinds of servers of their own have their group before them, as custom ones do. */
const OWN_SERVERS: ReadonlySet<string> = new Set(["apiextensions.k8s.io", "apiregistration.k8s.io"]);

/** The 409 for an object that is not the one which was meant. @param what "UID" or "ResourceVersion" */
export function preconditionFailed(call: Call, what: string, asked: string, found = ""): StatusError {
  const why = `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${found}`;
  const key = `/registry/${folderOf(call)}/${keyOfCall(call)}`;
  return conflict(
    resourceOfCall(call),
    call.name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  );
}

function folderOf({ served: { group, kind } }: Call): string {
  if (isCustom(kind) || OWN_SERVERS.has(group)) return `${group}/${kind.plural}`;
  return OLD_NAMES[kind.plural] ?? kind.plural;
}
