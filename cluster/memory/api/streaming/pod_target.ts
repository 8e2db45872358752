/**
 * Which pod and container a request for logs or a command is about.
 *
 * Source: `pkg/registry/core/pod/strategy.go` (validateContainer, LogLocation, streamLocation).
 */
import type { Pod } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { badRequest, notFound } from "../status.ts";

/** @throws {StatusError} 404 */
export function podOf(store: Store, namespace: string, name: string): Pod {
  const found = store.get<Pod>("pods", `${namespace}/${name}`)?.object;
  if (found === undefined) throw notFound({ group: "", name: "pods" }, name);
  return found;
}

/** The container that was asked for, or the pod's only one. @throws {StatusError} 400 */
export function containerOf({ metadata, spec }: Pod, asked: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  if (asked !== "") {
    if ([...containers, ...initContainers, ...ephemeralContainers].some(({ name }) => name === asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  if (containers.length === 1) return containers[0].name;
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join(" ");
  const init = initContainers.length === 0 ? "" : ` or one of the init containers: [${names(initContainers)}]`;
  const choose = containers.length === 0 ? "" : `, choose one of: [${names(containers)}]${init}`;
  throw badRequest(`a container name must be specified for pod ${metadata.name}${choose}`);
}

/** @throws {StatusError} 400 for a pod that no node has yet */
export function checkScheduled({ metadata, spec }: Pod): void {
  if (!spec.nodeName) throw badRequest(`pod ${metadata.name} does not have a host assigned`);
}
