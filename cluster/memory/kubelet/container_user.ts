/**
 * As whom a container runs: what its security context says, or the pod's, or its image.
 *
 * Source: `pkg/kubelet/kuberuntime/security_context.go`; containerd for the groups.
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { podFormat } from "./container_refs.ts";
import { ContainerStartError } from "./images/image_manager.ts";
import type { Image } from "./images/image.ts";

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** Beside its own. */
  readonly groups: readonly number[];
}

/** Who a container's process runs as, by its securityContext, the pod's and the image. */
export function containerUser(spec: ContainerSpec, { spec: pod }: Pod, { user, users = [] }: Image): ContainerUser {
  const { fsGroup, supplementalGroups = [] } = pod!.securityContext ?? {};
  const asked = { ...pod!.securityContext, ...withoutUnset(spec.securityContext) };
  const uid = asked.runAsUser ?? user ?? 0;
  // Who is not in the image's /etc/passwd belongs to root's group.
  const gid = asked.runAsGroup ?? (users.some(({ id }) => id === uid) ? uid : 0);
  return { uid, gid, groups: [...supplementalGroups, ...fsGroup === undefined ? [] : [fsGroup]] };
}

const withoutUnset = (context: ContainerSpec["securityContext"]) =>
  Object.fromEntries(
    Object.entries(context ?? {}).filter(([, value]) => value !== undefined),
  ) as typeof context;

/** @throws {ContainerStartError} when a container that must not run as root would */
export function verifyNonRoot(spec: ContainerSpec, pod: Pod, { user = 0 }: Image): void {
  const own = spec.securityContext;
  const shared = pod.spec!.securityContext;
  if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot)) return;
  const asked = own?.runAsUser ?? shared?.runAsUser;
  if ((asked ?? user) !== 0) return;
  const problem = asked === 0
    ? "container's runAsUser breaks non-root policy"
    : "container has runAsNonRoot and image will run as root";
  const about = `(pod: "${podFormat(pod)}", container: ${spec.name})`;
  throw new ContainerStartError("CreateContainerConfigError", `${problem} ${about}`);
}
