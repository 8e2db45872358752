/** One step of an object's life in words: who, as which component, did what. */
import type { Step } from "../cluster/background/control.ts";
import type { Messages } from "./messages/messages.ts";

type Words = Messages["trace"];

/** The first line says who did what; the others what it changed. */
export function describeStep(step: Step, words: Words): string[] {
  const { verb, manager, changes } = step;
  if (verb === "event") return [`${words.event(manager, step.object)} ${changes.join("; ")}`];
  const what = step.subresource === "binding"
    ? words.binding(step.object)
    : words[verb](step.object, step.subresource ?? "");
  const admission = (step.admission ?? []).map(({ plugin, fields }) => `${plugin} (${fields.join(", ")})`).join(", ");
  const isPerson = !step.user.startsWith("system:");
  return [
    `${who(step, words)}: ${what}`,
    ...isPerson && verb === "create" ? [words.authentication(step.user, (step.groups ?? []).join(", "))] : [],
    ...admission === "" || verb !== "create" ? [] : [words.admission(admission)],
    ...verb === "create" && step.revision !== undefined ? [words.stored(step.revision)] : [],
    ...changes,
  ];
}

/** "scheduler", "kubelet of node01", "deployment-controller", "kubernetes-admin with kubectl-create". */
function who({ user, manager }: Step, words: Words): string {
  const node = /^system:node:(.+)$/.exec(user)?.[1];
  if (node !== undefined) return words.kubelet(node);
  if (user === "system:kube-scheduler") return words.scheduler;
  const controller = /^system:serviceaccount:kube-system:(.+)$/.exec(user)?.[1];
  if (controller !== undefined) return controller;
  return words.person(user, manager);
}
