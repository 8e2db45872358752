/**
 * Annotations that mean something for a pod: profiles from before there were fields, tolerations, the deletion's cost.
 *
 * Source: `pkg/apis/core/validation/validation.go`.
 */
import { child, type FieldError, forbidden, invalid, keyed } from "../../../field_error.ts";
import type { AppArmorProfile, ObjectMeta, PodSpec, SeccompProfile, Toleration } from "../../../schema/types.ts";
import { eachContainer } from "../containers.ts";
import type { PodOptions } from "./options.ts";
import { descendingPath } from "./paths.ts";
import { validateTolerations } from "./tolerations.ts";

type Annotations = Readonly<Record<string, string>> | undefined;

export const MIRROR_POD = "kubernetes.io/config.mirror";
const TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
export const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
export const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
export const APP_ARMOR_CONTAINER = "container.apparmor.security.beta.kubernetes.io/";

/** How dear a pod is when its ReplicaSet shrinks: 0 unless annotated, undefined when the annotation is no number. */
export function deletionCost(annotations: Annotations): number | undefined {
  const value = annotations?.[DELETION_COST];
  if (value === undefined) return 0;
  if (!/^(-[0-9]+|0|[1-9][0-9]*)$/.test(value)) return undefined;
  const cost = Number(value);
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : undefined;
}

export function validatePodAnnotations(
  annotations: Annotations,
  spec: PodSpec,
  path: string,
  options: PodOptions,
): FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  if (annotations[MIRROR_POD] !== undefined && !spec.nodeName) {
    const message = "must set spec.nodeName if mirror pod annotation is set";
    errors.push(invalid(keyed(path, MIRROR_POD), annotations[MIRROR_POD], message));
  }
  if (annotations[TOLERATIONS]) errors.push(...annotatedTolerations(annotations[TOLERATIONS], path, options));
  if (!options.anyDeletionCost && deletionCost(annotations) === undefined) {
    errors.push(invalid(keyed(path, DELETION_COST), annotations[DELETION_COST], "must be a 32bit integer"));
  }
  return [...errors, ...seccompAnnotations(annotations, path), ...appArmorAnnotations(annotations, spec, path)];
}

function annotatedTolerations(text: string, path: string, options: PodOptions): FieldError[] {
  let tolerations: unknown;
  try {
    tolerations = JSON.parse(text);
  } catch (error) {
    return [invalid(path, TOLERATIONS, (error as Error).message)];
  }
  if (tolerations === null) return [];
  if (!Array.isArray(tolerations)) {
    return [invalid(path, TOLERATIONS, "json: cannot unmarshal object into Go value of type []core.Toleration")];
  }
  return validateTolerations(tolerations as Toleration[], child(path, TOLERATIONS), options);
}

function seccompAnnotations(annotations: Readonly<Record<string, string>>, path: string): FieldError[] {
  const keys = Object.keys(annotations).filter((key) => key.startsWith(SECCOMP_CONTAINER));
  if (annotations[SECCOMP_POD] !== undefined) keys.unshift(SECCOMP_POD);
  return keys.flatMap((key) => {
    const profile = annotations[key];
    if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
    if (profile.startsWith("localhost/")) return descendingPath(profile.slice("localhost/".length), child(path, key));
    return [invalid(child(path, key), profile, "must be a valid seccomp profile")];
  });
}

function appArmorAnnotations(annotations: Readonly<Record<string, string>>, spec: PodSpec, path: string) {
  const names = [...eachContainer(spec, "")].map(([{ name }]) => name);
  return Object.keys(annotations).filter((key) => key.startsWith(APP_ARMOR_CONTAINER)).flatMap((key) => {
    const [profile, name] = [annotations[key], key.slice(APP_ARMOR_CONTAINER.length)];
    const errors = names.includes(name) ? [] : [invalid(keyed(path, key), name, "container not found")];
    const known = ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith("localhost/");
    if (!known) {
      errors.push(invalid(keyed(path, key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`));
    }
    return errors;
  });
}

/** Annotations that a pod keeps as they were when it was created. */
export function validateAnnotationUpdate(annotations: Annotations, old: Annotations, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const isFixed = (key: string) => key === MIRROR_POD || key.startsWith(APP_ARMOR_CONTAINER);
  const what = (key: string) => key === MIRROR_POD ? "mirror pod annotation" : "AppArmor annotations";
  for (const key in old) {
    if (annotations?.[key] === old[key] || !isFixed(key)) continue;
    errors.push(forbidden(keyed(path, key), `may not remove or update ${what(key)}`));
  }
  for (const key in annotations) {
    if (old?.[key] !== undefined || !isFixed(key)) continue;
    errors.push(forbidden(keyed(path, key), `may not add ${what(key)}`));
  }
  return errors;
}

/** An old annotation and the field that took its place must say the same. */
export function validateProfilesMatch(meta: ObjectMeta, spec: PodSpec, path: string): FieldError[] {
  const annotations = meta.annotations ?? {};
  const errors: FieldError[] = [];
  const pod = spec.securityContext?.seccompProfile;
  if (pod) errors.push(...mismatch("seccomp", annotations[SECCOMP_POD], pod, securityPath(path, "seccompProfile")));
  for (const [{ name, securityContext }, at] of eachContainer(spec, path)) {
    const profile = securityContext?.seccompProfile;
    if (!profile) continue;
    const field = securityPath(at, "seccompProfile");
    errors.push(...mismatch("seccomp", annotations[SECCOMP_CONTAINER + name], profile, field));
  }
  if (spec.os?.name === "windows") return errors;
  for (const [{ name, securityContext }, at] of eachContainer(spec, path)) {
    const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    if (!profile) continue;
    const field = securityPath(at, "appArmorProfile");
    errors.push(...mismatch("apparmor", annotations[APP_ARMOR_CONTAINER + name], profile, field));
  }
  return errors;
}

const securityPath = (path: string, field: string) => child(path, "securityContext", field);

function mismatch(
  what: "seccomp" | "apparmor",
  annotation: string | undefined,
  { type, localhostProfile }: SeccompProfile | AppArmorProfile,
  path: string,
): FieldError[] {
  if (annotation === undefined) return [];
  const wrongType = [forbidden(child(path, "type"), `${what} type in annotation and field must match`)];
  switch (type) {
    case "Unconfined":
      return annotation === "unconfined" ? [] : wrongType;
    case "RuntimeDefault":
      if (annotation === "runtime/default" || what === "seccomp" && annotation === "docker/default") return [];
      return wrongType;
    case "Localhost":
      if (!annotation.startsWith("localhost/")) return wrongType;
      if (annotation.slice("localhost/".length) === localhostProfile) return [];
      return [forbidden(child(path, "localhostProfile"), `${what} profile in annotation and field must match`)];
    default:
      return [];
  }
}
