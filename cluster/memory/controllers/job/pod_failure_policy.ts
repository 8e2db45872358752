/** What a Job's pod failure policy makes of a failed pod. Source: `pkg/controller/job/pod_failure_policy.go`. */
import type { ContainerStatus, Pod, PodFailurePolicy, PodFailurePolicyRule } from "../../kinds/schema/types.ts";

export interface Match {
  /** Whether the failure counts against the back-off limit. */
  readonly counts: boolean;
  readonly action?: string;
  /** Set when the whole job fails, with why. */
  readonly failJob?: string;
}

/** The first rule that matches decides. */
export function matchFailurePolicy(policy: PodFailurePolicy | undefined, pod: Pod): Match {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const found = rule.onExitCodes === undefined ? byCondition(rule, pod) : byExitCode(rule, pod);
    if (found === undefined) continue;
    const { action } = rule;
    if (action === "Ignore") return { counts: false, action };
    if (action === "FailIndex" || action === "Count") return { counts: true, action };
    if (action === "FailJob") {
      return { counts: true, action, failJob: `${found} matching ${action} rule at index ${index}` };
    }
  }
  return { counts: true };
}

function byExitCode({ onExitCodes }: PodFailurePolicyRule, { metadata, status }: Pod): string | undefined {
  const { containerName, operator, values } = onExitCodes!;
  const matches = ({ name, state }: ContainerStatus) => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return operator === "In" ? values.includes(code) : operator === "NotIn" && !values.includes(code);
  };
  const all = [...status?.containerStatuses ?? [], ...status?.initContainerStatuses ?? []];
  const found = all.find(matches);
  if (found === undefined) return undefined;
  const code = found.state!.terminated!.exitCode;
  return `Container ${found.name} for pod ${metadata.namespace}/${metadata.name} failed with exit code ${code}`;
}

function byCondition({ onPodConditions = [] }: PodFailurePolicyRule, { metadata, status }: Pod): string | undefined {
  const found = status?.conditions?.find((condition) =>
    onPodConditions.some((pattern) => pattern.type === condition.type && pattern.status === condition.status)
  );
  return found && `Pod ${metadata.namespace}/${metadata.name} has condition ${found.type}`;
}
