/**
 * Runs checks: polls all of them together until each has its verdict.
 *
 * A check passes when its criterion holds (and goes on holding, where `hold` asks for that). One that does not hold is
 * *wrong* as soon as the cluster is at rest, and *not yet* when its time runs out while the cluster still moves.
 */
import { ApiError, type Cluster } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import { type Text, verbatim } from "../cluster/text.ts";
import type { Check } from "./check.ts";
import type { Mismatch, Scope } from "./criteria/criterion.ts";
import { type Witness, witness } from "./explain.ts";
import { isMoving } from "./motion.ts";
import type { CheckResult, JudgedCheck, Verdict } from "./verdict.ts";

/** Times in milliseconds of the cluster's time. */
const POLL_INTERVAL = 500;
const PATIENCE = 30_000;
/** How long a cluster must look at rest before that is believed: controllers need a moment to notice a change. */
const REST = 1500;

export interface RunOptions {
  /** The namespace of targets that name none. */
  readonly namespace: string;
  /** The uids of objects as they were set up ("Service/web" → uid): a safeguard's object must still be that one. */
  readonly originals?: ReadonlyMap<string, string>;
  /** The longest that a check without `within` may take; 30 seconds unless said. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
}

interface Pending {
  readonly check: Check;
  mismatches: readonly Mismatch[];
  /** Since when it has held, in the cluster's time. */
  heldSince?: number;
  result?: CheckResult;
}

/** Judges every check once it can be judged. The results come in the order of the checks. */
export async function runChecks(
  cluster: Cluster,
  checks: readonly Check[],
  options: RunOptions,
): Promise<readonly CheckResult[]> {
  const { namespace, patience = PATIENCE, signal } = options;
  const scope: Scope = { objects: cluster.objects, namespace };
  const namespaces = [
    ...new Set(checks.flatMap(({ criterion }) => criterion.targets.map((one) => one.namespace ?? namespace))),
  ];
  const start = cluster.now();
  const all: readonly Pending[] = checks.map((check) => ({ check, mismatches: [] }));
  for (const one of all) {
    if (one.check.requires.some((capability) => !cluster.capabilities.has(capability))) {
      one.result = { check: judged(one.check), verdict: "not-checkable-here", mismatches: [], events: [] };
    }
  }

  let restingSince: number | undefined;
  let over = false;
  while (true) {
    const open = all.filter(({ result }) => result === undefined);
    await Promise.all(open.map((one) => look(one, scope, cluster.now(), options)));
    const failing = open.filter(({ result }) => result === undefined);
    if (failing.length === 0) break;

    const moving = await anyMoving(cluster, namespaces);
    const now = cluster.now();
    restingSince = moving ? undefined : restingSince ?? now;
    const atRest = over || (restingSince !== undefined && now - restingSince >= REST);
    let explained: Witness | undefined;
    for (const one of failing) {
      const { within = patience, hold = 0 } = one.check;
      const waited = now - start;
      const outOfTime = waited >= within + (one.heldSince === undefined ? 0 : hold);
      const mayStop = one.heldSince === undefined && atRest && (over || one.check.within === undefined);
      if (!outOfTime && !mayStop) continue;
      explained ??= await witness(cluster.objects, namespaces).catch(() => ({ explain: () => [] }));
      one.result = {
        check: judged(one.check),
        verdict: failed(one.check, moving && !over),
        mismatches: one.mismatches,
        events: explained.explain(one.check.criterion.targets),
      };
    }
    if (all.every(({ result }) => result !== undefined)) break;
    over = await cluster.pass(POLL_INTERVAL, signal) && !failing.some(({ heldSince }) => heldSince !== undefined);
  }
  return all.map(({ result }) => result!);
}

/** Results are data: they go from one thread to another. */
const judged = ({ criterion: _, ...check }: Check): JudgedCheck => check;

/** When that cannot be told, the cluster counts as moving. */
async function anyMoving(cluster: Cluster, namespaces: readonly string[]): Promise<boolean> {
  const moving = namespaces.map((namespace) => isMoving(cluster.objects, namespace));
  return (await Promise.all(moving).catch(() => [true])).includes(true);
}

/** Evaluates a check once; gives it its result where that is known at once. */
async function look(one: Pending, scope: Scope, now: number, { originals }: RunOptions) {
  const { check } = one;
  try {
    one.mismatches = [
      ...await check.criterion.evaluate(scope),
      ...check.role === "safeguard" && originals !== undefined ? await replaced(check, scope, originals) : [],
    ];
  } catch (error) {
    one.result = {
      check: judged(check),
      verdict: "could-not-check",
      mismatches: [],
      events: [],
      trouble: troubleOf(error),
    };
    return;
  }
  if (one.mismatches.length > 0) {
    delete one.heldSince;
    return;
  }
  one.heldSince ??= now;
  if (now - one.heldSince >= (check.hold ?? 0)) {
    one.result = { check: judged(check), verdict: "passed", mismatches: [], events: [] };
  }
}

/** Objects of a safeguard that were deleted and made anew: whole again, but broken on the way. */
async function replaced(
  check: Check,
  scope: Scope,
  originals: ReadonlyMap<string, string>,
): Promise<readonly Mismatch[]> {
  const mismatches: Mismatch[] = [];
  for (const { apiVersion, kind, name, namespace = scope.namespace } of check.criterion.targets) {
    const original = originals.get(`${kind}/${name}`);
    if (name === undefined || original === undefined) continue;
    const found = await scope.objects.get({ apiVersion, kind, name, namespace });
    if (found === undefined || found.metadata.uid === original) continue;
    mismatches.push({
      subject: `${kind} ${name}`,
      note: {
        en: "is not the one from the start: it was deleted and created again",
        ko: "처음에 있던 오브젝트가 아닙니다. 삭제했다가 다시 만들었습니다",
      },
    });
  }
  return mismatches;
}

function failed({ role }: Check, moving: boolean): Verdict {
  if (role === "safeguard") return "safeguard-broken";
  return moving ? "not-yet" : "wrong";
}

/** The tool's own trouble in words. Anything else is a defect and is not hidden. */
function troubleOf(error: unknown): Text {
  if (error instanceof Problem) return error.text;
  if (error instanceof ApiError) return verbatim(error.message);
  throw error;
}
