/** How far a pod's life has come. Source: `pkg/api/v1/pod/util.go` (IsPodTerminal, IsPodPhaseTerminal). */
import type { Pod } from "../../schema/types.ts";

/** Whether a phase is a pod's last: Succeeded or Failed. */
export const isTerminalPhase = (phase: string | undefined): phase is "Succeeded" | "Failed" =>
  phase === "Succeeded" || phase === "Failed";

/** Whether a pod has ended: its containers will not run again. */
export const isTerminal = ({ status }: Pick<Pod, "status">): boolean => isTerminalPhase(status?.phase);
