/** What the checks of the Pod Security Standards share. */
import type {
  Container,
  EphemeralContainer,
  ObjectMeta,
  PodSpec,
  SecurityContext,
} from "../../../kinds/schema/types.ts";

/** Why a pod is refused: "host namespaces", and in detail "hostNetwork=true". */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type CheckPod = (spec: PodSpec, metadata: ObjectMeta) => Violation | undefined;

/** A check as it was from a minor version of Kubernetes 1 on, oldest first. */
export interface Check {
  readonly id: string;
  readonly versions: readonly { readonly since: number; readonly check: CheckPod }[];
  /** The baseline check that this one, where it applies, stands in for. */
  readonly overrides?: string;
}

export type AnyContainer = Container | EphemeralContainer;

/** All containers, in the order in which the checks see them. */
export function containersOf(spec: PodSpec): readonly AnyContainer[] {
  return [...spec.initContainers ?? [], ...spec.containers ?? [], ...spec.ephemeralContainers ?? []];
}

/** `container "a"` or `containers "a", "b"`. */
export function named(noun: string, names: readonly string[]): string {
  return `${plural(noun, names.length)} ${quoted(names)}`;
}

export function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

export function quoted(items: readonly string[]): string {
  return items.map((item) => `"${item}"`).join(", ");
}

/** Without repetition, in order. */
export function sorted(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}

/** The names of the containers whose security context `isBad`. */
export function badContainers(spec: PodSpec, isBad: (context: SecurityContext) => boolean): string[] {
  return containersOf(spec).filter(({ securityContext = {} }) => isBad(securityContext)).map(({ name }) => name);
}

/** Who set something bad: "pod", containers, or both; undefined for nobody. */
export function setters(pod: boolean, containers: readonly string[]): string | undefined {
  const parts = [...pod ? ["pod"] : [], ...containers.length > 0 ? [named("container", containers)] : []];
  return parts.length === 0 ? undefined : parts.join(" and ");
}

export const isWindows = (spec: PodSpec): boolean => spec.os?.name === "windows";

/** Pods in a user namespace may do as root what other pods may not (since 1.35). */
export const inUserNamespace = (spec: PodSpec): boolean => spec.hostUsers === false;
