/** Containers of all three sorts. Source: `pkg/apis/core/validation/validation.go`. */
import {
  child,
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../../../field_error.ts";
import { check, dns1123Label } from "../../../names.ts";
import type { Container, PodSpec } from "../../../schema/types.ts";
import { validateEnv, validateEnvFrom } from "./env.ts";
import { validateLifecycle, validateProbes } from "./handlers.ts";
import type { PodOptions } from "./options.ts";
import { hostPortConflicts, validateContainerPorts } from "./ports.ts";
import { validatePullPolicy } from "./pull_policy.ts";
import { validateContainerResources } from "./resources.ts";
import { validateResizePolicy, validateRestartRules } from "./restart_policy.ts";
import { validateSecurityContext } from "./security_context.ts";
import { validateVolumeDevices, validateVolumeMounts, type Volumes } from "./volume_mounts.ts";

/** What the validation of a container needs to know of its pod. */
export interface ContainerContext {
  readonly spec: PodSpec;
  /** The volumes that are right. */
  readonly volumes: Volumes;
  /** The names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
  readonly options: PodOptions;
}

const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];

function validateCommon(container: Container, path: string, { spec, volumes, claims, options }: ContainerContext) {
  const { name = "", image = "", terminationMessagePolicy: policy = "" } = container;
  const at = (field: string) => child(path, field);
  return [
    ...name === "" ? [required(at("name"))] : check(at("name"), name, dns1123Label),
    ...image === "" ? [required(at("image"))] : [],
    ...policy === ""
      ? [required(at("terminationMessagePolicy"))]
      : MESSAGE_POLICIES.includes(policy)
      ? []
      : [notSupported(at("terminationMessagePolicy"), policy, MESSAGE_POLICIES)],
    ...validateContainerPorts(container.ports, at("ports")),
    ...validateEnv(container.env, at("env")),
    ...validateEnvFrom(container.envFrom, at("envFrom")),
    ...validateVolumeMounts(container, volumes, at("volumeMounts")),
    ...validateVolumeDevices(container, volumes, at("volumeDevices")),
    ...validatePullPolicy(container.imagePullPolicy, at("imagePullPolicy")),
    ...validateContainerResources(container.resources, claims, at("resources"), options),
    ...validateResizePolicy(container.resizePolicy, at("resizePolicy"), spec.restartPolicy),
    ...validateSecurityContext(container.securityContext, at("securityContext"), spec.hostUsers !== false),
  ];
}

export function validateContainers(path: string, context: ContainerContext): FieldError[] {
  const { spec } = context;
  const containers = spec.containers ?? [];
  if (containers.length === 0) return [required(path)];
  const grace = spec.terminationGracePeriodSeconds ?? undefined;
  const names = new Set<string>();
  const errors = containers.flatMap((container, i) => {
    const at = child(path, i);
    const own = validateCommon(container, at, context);
    if (names.has(container.name)) own.push(duplicate(child(at, "name"), container.name));
    names.add(container.name);
    if (container.lifecycle) own.push(...validateLifecycle(container.lifecycle, grace, child(at, "lifecycle")));
    return [...own, ...validateProbes(container, grace, at), ...validateRestartRules(container, at)];
  });
  return [...errors, ...hostPortConflicts(containers, path)];
}

export function validateInitContainers(path: string, context: ContainerContext): FieldError[] {
  const { spec, options } = context;
  const grace = spec.terminationGracePeriodSeconds ?? undefined;
  const names = new Set((spec.containers ?? []).map(({ name }) => name));
  return (spec.initContainers ?? []).flatMap((container, i) => {
    const at = child(path, i);
    const errors = validateCommon(container, at, context);
    const { name = "", restartPolicy, restartPolicyRules } = container;
    const sidecar = restartPolicy === "Always";
    if (restartPolicy !== undefined || restartPolicyRules?.length) errors.push(...validateRestartRules(container, at));
    if (names.has(name)) errors.push(duplicate(child(at, "name"), name));
    else if (name !== "") names.add(name);
    // Each init container is alone when it runs, so its ports are judged alone, as if it were the first.
    errors.push(...hostPortConflicts([container], path));
    if (sidecar) {
      if (container.lifecycle) errors.push(...validateLifecycle(container.lifecycle, grace, child(at, "lifecycle")));
      errors.push(...validateProbes(container, grace, at));
    } else {
      for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
        if (!container[field]) continue;
        errors.push(forbidden(child(at, field), "may not be set for init containers without restartPolicy=Always"));
      }
      if (!options.restartContainerOnInit) errors.push(...noContainerRestart(container, at));
    }
    return errors;
  });
}

function noContainerRestart({ resizePolicy = [] }: Container, path: string): FieldError[] {
  const message = "must not be set to 'RestartContainer' for non-sidecar initContainers";
  return resizePolicy.flatMap(({ restartPolicy }, i) =>
    restartPolicy === "RestartContainer"
      ? [invalid(child(path, "resizePolicy", i, "restartPolicy"), restartPolicy, message)]
      : []
  );
}

/** What makes no sense for a container that is only there to look. */
const NOT_EPHEMERAL = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

export function validateEphemeralContainers(path: string, context: ContainerContext): FieldError[] {
  const { spec } = context;
  const others = new Set([...spec.containers ?? [], ...spec.initContainers ?? []].map(({ name }) => name));
  const names = new Set(others);
  const message = "cannot be set for an Ephemeral Container";
  return (spec.ephemeralContainers ?? []).flatMap((container, i) => {
    const at = child(path, i);
    const errors = [...validateCommon(container, at, context), ...validateImageSpaces(container, at)];
    if (names.has(container.name)) errors.push(duplicate(child(at, "name"), container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) errors.push(notFound(child(at, "targetContainerName"), target));
    for (const field of NOT_EPHEMERAL) {
      const value = container[field];
      const isSet = field === "resources" ? Object.keys(value ?? {}).length > 0 : value !== undefined && value !== null;
      if (isSet) errors.push(forbidden(child(at, field), message));
    }
    for (const [j, mount] of (container.volumeMounts ?? []).entries()) {
      for (const field of ["subPath", "subPathExpr"] as const) {
        if (mount[field]) errors.push(forbidden(child(at, "volumeMounts", j, field), message));
      }
    }
    return errors;
  });
}

/** Only a pod's images are judged: a template's may be filled in by someone. */
export const validateImageSpaces = ({ image = "" }: Container, path: string): FieldError[] =>
  image === image.trim() ? [] : [invalid(child(path, "image"), image, "must not have leading or trailing whitespace")];
