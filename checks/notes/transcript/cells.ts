/** Which cells of kubectl's tables contradict each other, and which merely differ. */
import { STUCK } from "../../motion.ts";
import { canonical, isPassing } from "./same.ts";

/** Columns that two runs of the same commands agree on, but for what time and the cluster make of them. */
const COMPARED = [
  "STATUS",
  "READY",
  "TYPE",
  "PORT(S)",
  "DESIRED",
  "DATA",
  "COMPLETIONS",
  "SCHEDULE",
  "SUSPEND",
  "CLASS",
  "MINPODS",
  "MAXPODS",
  "CAPACITY",
  "ACCESS MODES",
  "RECLAIM POLICY",
  "PROVISIONER",
  "ROLE",
  "NAMESPACED",
  "KIND",
] as const;

/** What STATUS columns say of Pods, nodes, volumes, namespaces, Jobs and certificates. */
export const STATUSES: readonly string[] = [
  ...STUCK,
  "Running",
  "Pending",
  "Succeeded",
  "Failed",
  "Unknown",
  "Completed",
  "Error",
  "ContainerCreating",
  "PodInitializing",
  "Terminating",
  "ContainerCannotRun",
  "DeadlineExceeded",
  "Evicted",
  "NodeLost",
  "OOMKilled",
  "SchedulingGated",
  "Preempting",
  "Ready",
  "NotReady",
  "Active",
  "Available",
  "Bound",
  "Released",
  "Lost",
  "Complete",
  "Suspended",
  "Healthy",
  "Unhealthy",
  "Approved",
  "Issued",
  "Denied",
];

export interface Contradiction {
  readonly column: string;
  readonly shown: string;
  readonly real: string;
}

type Cells = Readonly<Record<string, string>>;

/** The first column in which a shown row contradicts the real one. */
export function contradicts(shown: Cells, real: Cells): Contradiction | undefined {
  // A moment on the way says nothing about where it leads; images that only the note's author has do not run here.
  if ([shown.STATUS, real.STATUS].some((status) => status !== undefined && isPassing(status))) return undefined;
  for (const column of COMPARED) {
    // What a ReplicaSet or Deployment has at the moment counts up.
    if (column === "READY" && /^\d+$/.test(shown.READY ?? "")) continue;
    const [a, b] = [shown[column], real[column]];
    if (a === undefined || b === undefined || isCounting(a, b) || canonical(a) === canonical(b)) continue;
    return { column, shown: a, real: b };
  }
  return undefined;
}

/** "0/3" becomes "3/3", and "1" becomes "3", if one waits. */
function isCounting(a: string, b: string): boolean {
  const [wantedA, wantedB] = [a, b].map((cell) => /^\d+\/(\d+)$/.exec(cell)?.[1]);
  if (wantedA !== undefined && wantedB !== undefined) return wantedA === wantedB;
  return false;
}
