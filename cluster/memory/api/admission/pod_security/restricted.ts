/**
 * The checks that the restricted level adds to the baseline's.
 *
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
import type { Volume } from "../../../kinds/schema/types.ts";
import { procMount, seccompProfile } from "./baseline.ts";
import {
  badContainers,
  type Check,
  type CheckPod,
  containersOf,
  inUserNamespace,
  isWindows,
  named,
  plural,
  quoted,
  setters,
  sorted,
} from "./check.ts";

const allowPrivilegeEscalation: CheckPod = (spec) => {
  const containers = badContainers(spec, ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false);
  return containers.length === 0 ? undefined : {
    reason: "allowPrivilegeEscalation != false",
    detail: `${named("container", containers)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: CheckPod = (spec) => {
  const keeping = badContainers(spec, ({ capabilities }) => !(capabilities?.drop ?? []).includes("ALL"));
  const isForbidden = (capability: string) => capability !== "NET_BIND_SERVICE";
  const adding = badContainers(spec, ({ capabilities }) => (capabilities?.add ?? []).some(isForbidden));
  const added = sorted(
    containersOf(spec).flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? []).filter(isForbidden),
  );
  const details = [
    ...keeping.length > 0 ? [`${named("container", keeping)} must set securityContext.capabilities.drop=["ALL"]`] : [],
    ...adding.length > 0
      ? [`${named("container", adding)} must not include ${quoted(added)} in securityContext.capabilities.add`]
      : [],
  ];
  return details.length === 0 ? undefined : { reason: "unrestricted capabilities", detail: details.join("; ") };
};

const ALLOWED_VOLUMES = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

const restrictedVolumes: CheckPod = (spec) => {
  const sourcesOf = (volume: Volume) => Object.keys(volume).filter((field) => field !== "name");
  const bad = (spec.volumes ?? []).filter((volume) => !sourcesOf(volume).some((source) => ALLOWED_VOLUMES.has(source)));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map((volume) => sourcesOf(volume)[0] ?? "unknown"));
  return {
    reason: "restricted volume types",
    detail: `${named("volume", bad.map(({ name }) => name))} ${bad.length === 1 ? "uses" : "use"} ${
      plural("restricted volume type", types.length)
    } ${quoted(types)}`,
  };
};

const runAsNonRoot: CheckPod = (spec) => {
  const pod = spec.securityContext?.runAsNonRoot;
  const reason = "runAsNonRoot != true";
  const who = setters(pod === false, badContainers(spec, ({ runAsNonRoot }) => runAsNonRoot === false));
  if (who !== undefined) return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  if (pod === true) return undefined;
  const silent = badContainers(spec, ({ runAsNonRoot }) => runAsNonRoot === undefined);
  return silent.length === 0
    ? undefined
    : { reason, detail: `pod or ${named("container", silent)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckPod = (spec) => {
  const who = setters(spec.securityContext?.runAsUser === 0, badContainers(spec, ({ runAsUser }) => runAsUser === 0));
  return who === undefined ? undefined : { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` };
};

const seccompProfileSet: CheckPod = (spec, metadata) => {
  const wrong = seccompProfile(spec, metadata);
  if (wrong !== undefined || spec.securityContext?.seccompProfile !== undefined) return wrong;
  const silent = badContainers(spec, ({ seccompProfile }) => seccompProfile === undefined);
  return silent.length === 0 ? undefined : {
    reason: "seccompProfile",
    detail: `pod or ${
      named("container", silent)
    } must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

const exceptOnWindows = (check: CheckPod): CheckPod => (spec, metadata) =>
  isWindows(spec) ? undefined : check(spec, metadata);
const exceptInUserNamespace = (check: CheckPod): CheckPod => (spec, metadata) =>
  inUserNamespace(spec) ? undefined : check(spec, metadata);

/** In the order in which violations are told: by id, after those of the baseline. */
export const restrictedChecks: readonly Check[] = [
  {
    id: "allowPrivilegeEscalation",
    versions: [
      { since: 8, check: allowPrivilegeEscalation },
      { since: 25, check: exceptOnWindows(allowPrivilegeEscalation) },
    ],
  },
  {
    id: "capabilities_restricted",
    overrides: "capabilities_baseline",
    versions: [{ since: 22, check: capabilities }, { since: 25, check: exceptOnWindows(capabilities) }],
  },
  { id: "procMount_restricted", overrides: "procMount", versions: [{ since: 35, check: procMount }] },
  { id: "restrictedVolumes", overrides: "hostPathVolumes", versions: [{ since: 0, check: restrictedVolumes }] },
  {
    id: "runAsNonRoot",
    versions: [{ since: 0, check: runAsNonRoot }, { since: 35, check: exceptInUserNamespace(runAsNonRoot) }],
  },
  {
    id: "runAsUser",
    versions: [{ since: 23, check: runAsUser }, { since: 35, check: exceptInUserNamespace(runAsUser) }],
  },
  {
    id: "seccompProfile_restricted",
    overrides: "seccompProfile_baseline",
    versions: [{ since: 19, check: seccompProfileSet }, { since: 25, check: exceptOnWindows(seccompProfileSet) }],
  },
];
