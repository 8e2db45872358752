/** Carries out steps on a cluster. */
import { computedAnswer, writeAnswer } from "../checks/criteria/answer.ts";
import { poll } from "../checks/poll.ts";
import type { ApiObject, Cluster, ObjectRef } from "../cluster/cluster.ts";
import { ApiError, describeRef } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import type { Step, StepAction } from "./steps.ts";

/** The label that everything cluster-wide and every namespace of Drydock's carries: whose it is. */
export const EXERCISE_LABEL = "drydock/exercise";

export interface StepScope {
  /** Of objects that name none. */
  readonly namespace: string;
  /** What cluster-wide objects are labelled with. */
  readonly exercise: string;
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly afterStep?: (step: Step) => Promise<void>;
}

/** A step that the cluster refused, or whose end never came: the step's fault, as the cluster did answer. */
export class StepError extends Problem {}

/** @throws {StepError} naming the step */
export async function runSteps(cluster: Cluster, steps: readonly Step[], scope: StepScope): Promise<void> {
  for (const step of steps) {
    try {
      await runStep(cluster, step, scope);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw stepFailed(step, error.message, error.message);
    }
    await scope.afterStep?.(step);
  }
}

async function runStep(cluster: Cluster, step: Step, scope: StepScope): Promise<void> {
  const { objects } = cluster;
  const { namespace } = scope;
  switch (step.action) {
    case "apply":
      return void await objects.apply(await placed(cluster, step.object, scope));
    case "patch":
      return void await objects.patch(
        { namespace, ...step.ref },
        step.patch,
        step.subresource === undefined ? {} : { subresource: step.subresource },
      );
    case "delete": {
      const ref = { namespace, ...step.ref };
      const condemned = await objects.get(ref);
      const { gracePeriodSeconds } = step;
      await objects.delete(ref, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds });
      // A StatefulSet makes another of the same name at once.
      return await waitUntil(cluster, step, scope, async () => {
        const found = await objects.get(ref);
        return found === undefined || found.metadata.uid !== condemned?.metadata.uid ? [] : [describeRef(step.ref)];
      });
    }
    case "rollback":
      return await rollBack(cluster, { apiVersion: "apps/v1", kind: "Deployment", namespace, name: step.name }, step);
    case "exec": {
      const { pod, container, command } = step;
      const result = await objects.exec(
        { namespace, name: pod, ...container === undefined ? {} : { container } },
        command,
      );
      if (result.exitCode !== 0) {
        throw stepFailed(
          step,
          `${command.join(" ")} ended with exit code ${result.exitCode}: ${result.stderr.trim()}`,
          `${command.join(" ")} 명령이 종료 코드 ${result.exitCode}로 끝났습니다: ${result.stderr.trim()}`,
        );
      }
      return;
    }
    case "answer": {
      const { question } = step.question;
      const answer = await computedAnswer({ objects, namespace }, step.question);
      if (answer !== undefined) return await writeAnswer(objects, namespace, question, answer);
      throw stepFailed(
        step,
        `the answer to ${question} cannot be computed`,
        `${question}의 답을 계산할 수 없습니다`,
      );
    }
    case "wait":
      return await waitUntil(cluster, step, scope, async () => {
        const mismatches = await step.criterion.evaluate({ objects, namespace });
        return mismatches.map(({ subject, path, note }) => `${subject} ${path ?? note?.en ?? ""}`.trim());
      });
  }
}

/** The object with the namespace that it belongs in, or, where it belongs in none, with Drydock's label. */
async function placed(cluster: Cluster, object: ApiObject, { namespace, exercise }: StepScope): Promise<ApiObject> {
  if (await cluster.objects.namespaced(object) === false) {
    return {
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, [EXERCISE_LABEL]: exercise } },
    };
  }
  return { ...object, metadata: { namespace, ...object.metadata } };
}

/** Polls until nothing is missing any more. */
async function waitUntil(
  cluster: Cluster,
  step: Step,
  { signal }: StepScope,
  missing: () => Promise<readonly string[]>,
): Promise<void> {
  const { within } = { within: 60_000, ...step } as { readonly within: number };
  let still: readonly string[] = [];
  const options = { limit: within, ...signal === undefined ? {} : { signal } };
  if (await poll(cluster, options, async () => (still = await missing()).length === 0)) return;
  const seconds = within / 1000;
  throw stepFailed(
    step,
    `waited ${seconds} s in vain for: ${still.join("; ")}`,
    `${seconds}초를 기다렸지만 되지 않았습니다: ${still.join("; ")}`,
  );
}

const REVISION = "deployment.kubernetes.io/revision";

/**
 * What `kubectl rollout undo` does: puts the pod template of an earlier revision's ReplicaSet back.
 *
 * Source: `k8s.io/kubectl/pkg/polymorphichelpers/rollback.go`.
 */
async function rollBack(cluster: Cluster, ref: ObjectRef, step: Extract<StepAction, { action: "rollback" }> & Step) {
  const deployment = await cluster.objects.get(ref);
  if (deployment === undefined) {
    throw stepFailed(step, `${describeRef(ref)} does not exist`, `오브젝트가 없습니다: ${describeRef(ref)}`);
  }
  const sets = await cluster.objects.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace: ref.namespace! });
  const revisions = sets
    .filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
    .map((set) => ({ set, revision: Number(set.metadata.annotations?.[REVISION] ?? 0) }))
    .sort((a, b) => b.revision - a.revision);
  const chosen = step.revision === undefined
    ? revisions[1]
    : revisions.find(({ revision }) => revision === step.revision);
  if (chosen === undefined) throw stepFailed(step, "there is no such revision", "그런 리비전이 없습니다");
  const { template } = chosen.set.spec as { readonly template: { readonly metadata: { readonly labels?: object } } };
  const { "pod-template-hash": _, ...labels } = (template.metadata.labels ?? {}) as Record<string, string>;
  await cluster.objects.patch(ref, {
    type: "json",
    body: [{
      op: "replace",
      path: "/spec/template",
      value: { ...template, metadata: { ...template.metadata, labels } },
    }],
  });
}

function stepFailed({ action, source: { file, line } }: Step, en: string, ko: string): StepError {
  return new StepError("unavailable", {
    en: `${file}:${line}: ${action}: ${en}`,
    ko: `${file}:${line}: ${action}: ${ko}`,
  });
}
