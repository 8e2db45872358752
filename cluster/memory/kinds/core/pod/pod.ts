/** Pods: containers that are scheduled, started and ended together. */
import { equalJson } from "../../json.ts";
import { defineKind } from "../../kind.ts";
import { dns1123Label } from "../../names.ts";
import type { Pod } from "../../schema/types.ts";
import { podTable } from "./columns.ts";
import { eachContainer } from "./containers.ts";
import { defaultPod } from "./defaults.ts";
import {
  appArmorProfileOf,
  gracePeriod,
  prepareForCreate,
  prepareForStatusUpdate,
  prepareForUpdate,
} from "./strategy.ts";
import { podWarnings } from "./warnings.ts";
import { APP_ARMOR_CONTAINER } from "./validation/annotations.ts";
import { validatePod } from "./validation/pod.ts";
import { validatePodStatusUpdate } from "./validation/status.ts";
import { validatePodUpdate } from "./validation/update.ts";

const core = (kind: string) => ({ group: "", version: "v1", kind });

export const pod = defineKind<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  type: "core.v1.Pod",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    defaults: defaultPod,
    prepareForCreate,
    prepareForUpdate,
    validate: validatePod,
    validateUpdate: validatePodUpdate,
    warnings: createWarnings,
    gracePeriod,
    generation: (pod, old) => !equalJson(pod.spec, old.spec),
  },
  status: { prepareForUpdate: prepareForStatusUpdate, validateUpdate: validatePodStatusUpdate },
  subresources: [
    { name: "attach", kind: core("PodAttachOptions"), verbs: ["create", "get"] },
    { name: "binding", kind: core("Binding"), verbs: ["create"] },
    { name: "ephemeralcontainers", kind: core("Pod"), verbs: ["get", "patch", "update"] },
    { name: "eviction", kind: { group: "policy", version: "v1", kind: "Eviction" }, verbs: ["create"] },
    { name: "exec", kind: core("PodExecOptions"), verbs: ["create", "get"] },
    { name: "log", kind: core("Pod"), verbs: ["get"] },
    { name: "portforward", kind: core("PodPortForwardOptions"), verbs: ["create", "get"] },
    {
      name: "proxy",
      kind: core("PodProxyOptions"),
      verbs: ["create", "delete", "get", "patch", "update"],
    },
    { name: "resize", kind: core("Pod"), verbs: ["get", "patch", "update"] },
  ],
  table: podTable,
  selectableFields: ({ spec, status }) => ({
    "spec.nodeName": spec.nodeName ?? "",
    "spec.restartPolicy": spec.restartPolicy ?? "",
    "spec.schedulerName": spec.schedulerName ?? "",
    "spec.serviceAccountName": spec.serviceAccountName ?? "",
    "spec.hostNetwork": String(spec.hostNetwork ?? false),
    "status.phase": status?.phase ?? "",
    "status.podIP": status?.podIPs?.[0]?.ip ?? "",
    // Known, but never filled in.
    "status.podIPs": "",
    "status.nominatedNodeName": status?.nominatedNodeName ?? "",
  }),
  fieldAliases: { "spec.host": "spec.nodeName" },
});

/** Pods are changed by programs; only their makers are told what looks wrong. */
function createWarnings({ metadata, spec }: Pod, old?: Pod): string[] {
  if (old !== undefined) return [];
  const name = dns1123Label(metadata.name ?? "");
  const why = "this is used in the Pod's hostname, which can result in surprising behavior";
  return [
    ...appArmorWarnings({ metadata, spec }),
    ...name.length === 0 ? [] : [`metadata.name: ${why}; a DNS label is recommended: [${name.join(" ")}]`],
    ...podWarnings(spec, metadata, ""),
  ];
}

/** By now an annotation has become the field; what is said of it is that it should have been. */
function appArmorWarnings({ metadata, spec }: Pick<Pod, "metadata" | "spec">): string[] {
  if (spec.os?.name === "windows") return [];
  return [...eachContainer(spec, "")].flatMap(([{ name, securityContext }]) => {
    const key = APP_ARMOR_CONTAINER + name;
    const annotation = metadata.annotations?.[key];
    if (annotation === undefined) return [];
    const profile = appArmorProfileOf(annotation);
    if (profile !== undefined && !equalJson(profile, securityContext?.appArmorProfile)) return [];
    return [`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`];
  });
}
