/**
 * What kubectl's commands need beside their flags' own values: arguments, flags, and flags that exclude each other.
 *
 * Source: the commands' usage lines and checks in k8s.io/kubectl/pkg/cmd.
 */

export interface Requirement {
  /** Arguments: "NAME", "POD PORT"; resources count for two ("TYPE NAME", also written TYPE/NAME). */
  readonly args: number;
  /** What they are, in kubectl's words. */
  readonly usage: string;
  /** Flags of which any one stands in for the arguments. */
  readonly instead?: readonly string[];
  /** Whether the arguments begin with TYPE NAME, which may be TYPE/NAME. */
  readonly resource?: boolean;
  /** Of each group one is needed. */
  readonly flags?: readonly (readonly string[])[];
  /** Of each group no two go together. */
  readonly excludes?: readonly (readonly string[])[];
}

const FILE = ["filename", "kustomize"];
const ANY = [...FILE, "selector", "all"];

const resource = (more: Partial<Requirement> = {}): Requirement => ({
  args: 2,
  usage: "TYPE NAME",
  resource: true,
  instead: ANY,
  ...more,
});
const named = (flags: Requirement["flags"] = [], excludes: Requirement["excludes"] = []): Requirement => ({
  args: 1,
  usage: "NAME",
  flags,
  excludes,
});
const type = { args: 1, usage: "TYPE", instead: ANY } as const;
const fileOnly: Requirement = { args: 0, usage: "-f FILENAME", flags: [FILE] };
const node: Requirement = { args: 1, usage: "NODE", instead: ["selector"] };

export const REQUIREMENTS: Readonly<Record<string, Requirement>> = {
  annotate: resource({ args: 3, usage: "TYPE NAME KEY=VALUE", instead: [...ANY, "list"] }),
  apply: fileOnly,
  attach: { args: 1, usage: "POD" },
  "auth can-i": { args: 2, usage: "VERB TYPE", instead: ["list"] },
  autoscale: resource({ flags: [["max"]] }),
  "certificate approve": { args: 1, usage: "NAME", instead: FILE },
  "certificate deny": { args: 1, usage: "NAME", instead: FILE },
  "config delete-context": { args: 1, usage: "NAME" },
  "config rename-context": { args: 2, usage: "CONTEXT_NAME NEW_NAME" },
  "config set-context": { args: 1, usage: "NAME", instead: ["current"] },
  "config set-cluster": { args: 1, usage: "NAME" },
  "config set-credentials": { args: 1, usage: "NAME" },
  "config set": { args: 2, usage: "PROPERTY_NAME PROPERTY_VALUE" },
  "config unset": { args: 1, usage: "PROPERTY_NAME" },
  "config use-context": { args: 1, usage: "CONTEXT_NAME" },
  cordon: node,
  cp: { args: 2, usage: "SOURCE DESTINATION" },
  create: fileOnly,
  "create clusterrole": named([["verb", "aggregation-rule"], ["resource", "non-resource-url", "aggregation-rule"]]),
  "create clusterrolebinding": named([["clusterrole"]]),
  "create configmap": named([], [["from-env-file", "from-file"], ["from-env-file", "from-literal"]]),
  "create cronjob": named([["image"], ["schedule"]]),
  "create deployment": named([["image"]]),
  "create ingress": named([["rule", "default-backend"]]),
  "create job": named([["image", "from"]], [["image", "from"]]),
  "create namespace": named(),
  "create poddisruptionbudget": named([["selector"], ["min-available", "max-unavailable"]], [
    ["min-available", "max-unavailable"],
  ]),
  "create priorityclass": named([["value"]]),
  "create quota": named(),
  "create role": named([["verb"], ["resource"]]),
  "create rolebinding": named([["role", "clusterrole"]], [["role", "clusterrole"]]),
  "create secret docker-registry": named([["docker-username", "from-file"], ["docker-password", "from-file"]]),
  "create secret generic": named([], [["from-env-file", "from-file"], ["from-env-file", "from-literal"]]),
  "create secret tls": named([["cert"], ["key"]]),
  "create service clusterip": named([["tcp", "clusterip"]]),
  "create service externalname": named([["external-name"]]),
  "create service loadbalancer": named([["tcp"]]),
  "create service nodeport": named([["tcp"]]),
  "create serviceaccount": named(),
  "create token": named(),
  debug: { args: 1, usage: "POD or node/NAME" },
  delete: resource({ instead: [...ANY, "field-selector", "raw"], excludes: [["all", "selector"]] }),
  describe: type,
  diff: fileOnly,
  drain: node,
  edit: { ...type, usage: "RESOURCE/NAME" },
  exec: { args: 1, usage: "POD", instead: ["filename"] },
  explain: { args: 1, usage: "TYPE" },
  expose: resource({ instead: FILE }),
  get: { ...type, instead: [...FILE, "raw"] },
  label: resource({ args: 3, usage: "TYPE NAME KEY=VALUE", instead: [...ANY, "list"] }),
  logs: { args: 1, usage: "POD", instead: ["selector"] },
  patch: resource({ instead: FILE, flags: [["patch", "patch-file"]] }),
  "port-forward": { args: 2, usage: "TYPE/NAME PORT" },
  replace: { ...fileOnly, flags: [[...FILE, "raw"]] },
  "rollout history": type,
  "rollout pause": type,
  "rollout restart": type,
  "rollout resume": type,
  "rollout status": type,
  "rollout undo": type,
  run: named([["image"]]),
  scale: resource({ flags: [["replicas"]] }),
  "set image": resource({ args: 3, usage: "TYPE NAME CONTAINER=IMAGE" }),
  "set serviceaccount": resource({ args: 3, usage: "TYPE NAME SERVICE_ACCOUNT" }),
  taint: resource({ args: 3, usage: "nodes NAME KEY=VALUE:EFFECT" }),
  uncordon: node,
  wait: { args: 1, usage: "TYPE/NAME", instead: ANY, flags: [["for"]] },
};
