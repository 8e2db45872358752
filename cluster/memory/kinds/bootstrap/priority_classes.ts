/** The priorities that every cluster has. Source: `pkg/apis/scheduling/v1/helpers.go`. */

/** The body of a PriorityClass to create. */
export interface SystemPriorityClass {
  readonly apiVersion: "scheduling.k8s.io/v1";
  readonly kind: "PriorityClass";
  readonly metadata: { readonly name: string };
  readonly value: number;
  readonly description: string;
}

const systemClass = (name: string, value: number, description: string): SystemPriorityClass => ({
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: { name },
  value,
  description,
});

/** Twice the highest priority that a user can define. */
const SYSTEM = 2_000_000_000;

export const systemPriorityClasses = (): readonly SystemPriorityClass[] => [
  systemClass(
    "system-node-critical",
    SYSTEM + 1000,
    "Used for system critical pods that must not be moved from their current node.",
  ),
  systemClass(
    "system-cluster-critical",
    SYSTEM,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  ),
];
