/** Follows what a note's `kubectl config` commands make of the kubeconfig: where its later commands and manifests go. */
import type { KubectlCommand } from "./command_line.ts";

/** The note's contexts, and the namespace of each. */
export interface Contexts {
  current: string;
  readonly namespaces: Map<string, string>;
  /** Contexts that the note uses and never made: the first is the cluster that it is about. */
  readonly adopted: Set<string>;
}

/** The context that a cluster of the note's own has before the note has said anything. */
const OWN = "";

export const newContexts = (): Contexts => ({
  current: OWN,
  namespaces: new Map([[OWN, "default"]]),
  adopted: new Set(),
});

/** Where objects go that do not say their namespace. */
export const currentNamespace = ({ current, namespaces }: Contexts): string => namespaces.get(current) ?? "default";

/** Where a command's objects are. */
export const namespaceOf = ({ flags }: KubectlCommand, contexts: Contexts): string =>
  flags.get("namespace")?.at(-1) ?? currentNamespace(contexts);

/** Whether the note has gone from one cluster to another. */
export const isElsewhere = ({ adopted }: Contexts): boolean => adopted.size > 1;

/**
 * Takes over what a command does to the contexts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseKubectl } from "./command_line.ts";
 * import { currentNamespace, followConfig, newContexts } from "./contexts.ts";
 *
 * const contexts = newContexts();
 * followConfig(contexts, parseKubectl(["config", "set-context", "--current", "--namespace=dev"]));
 * assert.equal(currentNamespace(contexts), "dev");
 * ```
 */
export function followConfig(contexts: Contexts, { path, args: [name, newName], flags }: KubectlCommand): void {
  const { namespaces, adopted } = contexts;
  switch (path) {
    case "config set-context": {
      const context = flags.get("current")?.at(-1) === "true" ? contexts.current : name;
      const namespace = flags.get("namespace")?.at(-1);
      if (context !== undefined && namespace !== undefined) namespaces.set(context, namespace);
      else if (context !== undefined && !namespaces.has(context)) namespaces.set(context, "default");
      return;
    }
    case "config use-context":
      if (name === undefined) return;
      if (!namespaces.has(name)) {
        adopted.add(name);
        namespaces.set(name, "default");
      }
      contexts.current = name;
      return;
    case "config rename-context":
      if (newName === undefined) return;
      namespaces.set(newName, namespaces.get(name) ?? "default");
      if (contexts.current === name) contexts.current = newName;
  }
}
