/**
 * Which cluster is used: the one asked for, else the running memory cluster, else the current context if it is local,
 * else a memory cluster is started.
 */
import { type ClusterRecord, DEFAULT_NAME } from "./background/record.ts";
import { Problem } from "./problem.ts";
import type { ContextInfo } from "./remote/kubeconfig.ts";
import { looksLocal } from "./remote/locality.ts";

export interface Situation {
  /** The context that was asked for. */
  readonly asked?: string;
  /** A context on which changes are allowed although it does not look local. */
  readonly allowed?: string;
  /** Whether anything will be changed. */
  readonly changes: boolean;
  /** Memory clusters that run. */
  readonly running: readonly ClusterRecord[];
  /** All contexts of the kubeconfig. */
  readonly contexts: readonly ContextInfo[];
  readonly current?: string;
}

/** What was chosen, and why. */
export type Choice =
  | { readonly kind: "memory"; readonly record: ClusterRecord; readonly because: "asked" | "running" }
  | { readonly kind: "context"; readonly context: ContextInfo; readonly because: "asked" | "current" }
  | { readonly kind: "new-memory"; readonly because: "asked" | "nothing-else" };

/**
 * Decides. Reads nothing: everything that counts is in the situation.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const kind = { name: "kind-study", server: "https://127.0.0.1:6443" };
 * assert.deepEqual(chooseCluster({ changes: true, running: [], contexts: [kind], current: "kind-study" }), {
 *   kind: "context",
 *   context: kind,
 *   because: "current",
 * });
 * ```
 *
 * @throws {Problem} `usage`: no such context, or one that must not be changed
 */
export function chooseCluster(situation: Situation): Choice {
  const { asked, running, contexts, current } = situation;
  if (asked !== undefined) {
    const record = running.find(({ context }) => context === asked);
    if (record !== undefined) return { kind: "memory", record, because: "asked" };
    const context = contexts.find(({ name }) => name === asked);
    if (context !== undefined) return { kind: "context", context: permitted(context, situation), because: "asked" };
    if (asked === DEFAULT_NAME) return { kind: "new-memory", because: "asked" };
    throw noContext(asked, [...running.map((one) => one.context), ...contexts.map(({ name }) => name)]);
  }
  const record = running.find(({ name }) => name === DEFAULT_NAME) ?? running[0];
  if (record !== undefined) return { kind: "memory", record, because: "running" };
  const context = contexts.find(({ name }) => name === current);
  const mayUse = context !== undefined && (looksLocal(context) || context.name === situation.allowed);
  return mayUse ? { kind: "context", context, because: "current" } : { kind: "new-memory", because: "nothing-else" };
}

/** The context, if what is wanted may be done there. */
function permitted(context: ContextInfo, { changes, allowed }: Situation): ContextInfo {
  if (!changes || looksLocal(context) || context.name === allowed) return context;
  throw new Problem("usage", {
    en: `The context ${context.name} (${context.server}) does not look local, and exercises create and delete objects.`,
    ko:
      `로컬 클러스터로 보이지 않는 컨텍스트입니다: ${context.name} (${context.server}). 연습 문제는 오브젝트를 만들고 지웁니다.`,
  }, {
    en: `If you mean it: --allow-context ${context.name}`,
    ko: `그래도 사용하려면: --allow-context ${context.name}`,
  });
}

function noContext(asked: string, known: readonly string[]): Problem {
  const names = [...new Set(known)].join(", ");
  return new Problem("usage", {
    en: `There is no context ${asked}. Known are: ${names || "none"}.`,
    ko: `없는 컨텍스트입니다: ${asked}. 사용할 수 있는 컨텍스트: ${names || "없음"}`,
  });
}
