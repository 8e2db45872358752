/**
 * What a validation of a pod's spec lets pass: rules that came later do not reject what was stored before them.
 *
 * Source: `GetValidationOptionsFromPodSpecAndMeta` in `pkg/api/pod/util.go`, with v1.36's feature gates as they are by
 * default.
 */
import { hasInvalidLabelValue, validateLabelSelector } from "../../../label_selector.ts";
import { labelValue } from "../../../names.ts";
import { parseQuantity, quantityValue } from "../../../quantity.ts";
import type { ObjectMeta, PodSpec } from "../../../schema/types.ts";
import { deletionCost } from "./annotations.ts";
import { hostSysctlErrors } from "./sysctls.ts";
import { validateTokenPath } from "./paths.ts";
import { validateMatchLabelKeys } from "./match_label_keys.ts";

export interface PodOptions {
  /** A pod itself, not a template's. */
  readonly isPod: boolean;
  readonly anyDeletionCost: boolean;
  readonly anySelectorValue: boolean;
  readonly anyNodeAffinityValue: boolean;
  readonly anySpreadSelector: boolean;
  readonly oldMatchLabelKeys: boolean;
  readonly anyHugePageValue: boolean;
  readonly anyTokenPath: boolean;
  readonly hostSysctls: boolean;
  readonly tolerationComparisons: boolean;
  readonly hostNetworkUserNamespace: boolean;
  readonly userNamespaceDevices: boolean;
  readonly seLinuxMountPolicy: boolean;
  readonly restartContainerOnInit: boolean;
}

/** @param old the spec that is being changed, none for a new object */
export function podOptions(isPod: boolean, old?: PodSpec, oldMeta?: ObjectMeta): PodOptions {
  return {
    isPod,
    anyDeletionCost: oldMeta !== undefined && deletionCost(oldMeta.annotations) === undefined,
    anySelectorValue: old !== undefined &&
      podAffinityTerms(old).some(({ labelSelector, namespaceSelector }) =>
        hasInvalidLabelValue(labelSelector) || hasInvalidLabelValue(namespaceSelector)
      ),
    anyNodeAffinityValue: nodeAffinityValues(old).some((value) => labelValue(value).length > 0),
    anySpreadSelector: (old?.topologySpreadConstraints ?? [])
      .some(({ labelSelector }) => validateLabelSelector(labelSelector, "").length > 0),
    oldMatchLabelKeys: (old?.topologySpreadConstraints ?? [])
      .some((it) => validateMatchLabelKeys(it.matchLabelKeys, undefined, it.labelSelector, "").length > 0),
    anyHugePageValue: usesIndivisibleHugePages(old),
    anyTokenPath: (old?.volumes ?? []).some(({ projected }) =>
      projected?.sources?.some(({ serviceAccountToken }) =>
        serviceAccountToken?.path && validateTokenPath(serviceAccountToken.path, "").length > 0
      )
    ),
    hostSysctls: (old?.securityContext?.sysctls ?? []).some(({ name }) => hostSysctlErrors(name, old!, "").length > 0),
    tolerationComparisons: (old?.tolerations ?? []).some(({ operator }) => operator === "Lt" || operator === "Gt"),
    hostNetworkUserNamespace: old?.hostUsers === false && old.hostNetwork === true,
    userNamespaceDevices: old?.hostUsers === false &&
      containersOf(old).some((it) => (it.volumeDevices ?? []).length > 0),
    seLinuxMountPolicy: old?.securityContext?.seLinuxChangePolicy !== undefined,
    restartContainerOnInit: (old?.initContainers ?? []).some((it) =>
      it.restartPolicy !== "Always" &&
      it.resizePolicy?.some(({ restartPolicy }) => restartPolicy === "RestartContainer")
    ),
  };
}

const containersOf = (spec: PodSpec) => [
  ...spec.initContainers ?? [],
  ...spec.containers ?? [],
  ...spec.ephemeralContainers ?? [],
];

function podAffinityTerms({ affinity }: PodSpec) {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((it) => [
    ...it?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    ...(it?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
}

function nodeAffinityValues(spec: PodSpec | undefined): string[] {
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchExpressions = [] }) => matchExpressions.flatMap(({ values = [] }) => values));
}

function usesIndivisibleHugePages(spec: PodSpec | undefined): boolean {
  if (spec === undefined) return false;
  return [...spec.containers ?? [], ...spec.initContainers ?? []].some(({ resources }) =>
    [...Object.entries(resources?.limits ?? {}), ...Object.entries(resources?.requests ?? {})]
      .some(([name, quantity]) => name.startsWith("hugepages-") && !isWholePages(name, quantity))
  );
}

/** Whether an amount of "hugepages-2Mi" is a number of such pages. */
export function isWholePages(name: string, quantity: string): boolean {
  try {
    const page = quantityValue(parseQuantity(name.slice("hugepages-".length)));
    return page > 0n && quantityValue(quantity) % page === 0n;
  } catch {
    return false;
  }
}
