/** The parts that a cluster is started with; all of them unless said. */
export const COMPONENTS = ["api", "controllers", "scheduler", "kubelets", "metrics"] as const;
export type Component = typeof COMPONENTS[number];
