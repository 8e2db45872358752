/**
 * Drydock as a library: Kubernetes exercises, their checks, and the clusters they run on.
 *
 * @module
 */
export type { ApiObject, Capability, Cluster, KubeconfigRef, ObjectClient, ObjectRef } from "./cluster/cluster.ts";
export { ApiError } from "./cluster/cluster.ts";
export { Problem } from "./cluster/problem.ts";
export type { Language, Text } from "./cluster/text.ts";
export { inProcessCluster } from "./cluster/in_process.ts";
export { type OpenCluster, openCluster, type OpenOptions } from "./cluster/open.ts";
export type { Check, Role } from "./checks/check.ts";
export type { CheckFunction } from "./checks/criteria/code.ts";
export type { Mismatch, Scope } from "./checks/criteria/criterion.ts";
export { runChecks, type RunOptions } from "./checks/run.ts";
export { type CheckResult, outcome, type Score, score, type Verdict } from "./checks/verdict.ts";
export { type Catalogue, findExercise, loadCatalogue, loadExercise } from "./exercises/catalogue.ts";
export type { Exercise } from "./exercises/exercise.ts";
export { remove, setUp, started } from "./exercises/lifecycle.ts";
export { judge, type Proof, prove } from "./exercises/prove.ts";
