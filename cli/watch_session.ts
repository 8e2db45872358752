/** One session of `drydock watch`: keys and changes of the cluster come in, screens go out. */
import type { Cluster } from "../cluster/cluster.ts";
import { type CheckResult, outcome } from "../checks/verdict.ts";
import { type Catalogue, findExercise, loadExercise } from "../exercises/catalogue.ts";
import type { Exercise } from "../exercises/exercise.ts";
import { nextHint } from "../exercises/hints.ts";
import { started } from "../exercises/lifecycle.ts";
import { nextExercise, readProgress, withExercise, withResults, writeProgress } from "../exercises/progress.ts";
import { judgeNow } from "../exercises/judge_now.ts";
import { watchWork } from "../exercises/watch.ts";
import { prepareExercise } from "./begin.ts";
import type { Messages } from "./messages/messages.ts";
import type { Output } from "./output.ts";
import { viewLines } from "./watch_screen.ts";

export interface Session {
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  readonly progressFile: string;
  readonly out: Output;
  readonly messages: Messages;
  readonly signal: AbortSignal;
  readonly draw: (lines: readonly string[]) => void;
  readonly listen: (onKey: (key: string) => void) => void;
}

/** Milliseconds in which changes that belong together come. */
const TOGETHER = 300;
/** Milliseconds after which a cluster that was moving is looked at again. */
const LOOK_AGAIN = 1500;

/** Goes on until q, Ctrl-C or Ctrl-D. */
export async function runSession(session: Session, first: Exercise): Promise<void> {
  const { cluster, messages: { watch: words }, out, draw } = session;
  let wake = () => {};
  let [key, changed] = ["", true];
  session.listen((pressed) => (key = pressed, wake()));
  session.signal.addEventListener("abort", () => (key = "q", wake()), { once: true });
  let exercise: Exercise | undefined = first;
  let anew = false;
  while (exercise !== undefined) {
    draw([words.settingUp(exercise.id)]);
    await prepareExercise(cluster, exercise, { anew, signal: session.signal });
    const watching = new AbortController();
    const watched = watchWork(cluster, exercise, () => (changed = true, wake()), watching.signal);
    let results: readonly CheckResult[] | undefined;
    let below: readonly string[] = [words.watching];
    let after: { readonly exercise?: Exercise; readonly anew: boolean } | undefined;
    changed = true;
    while (after === undefined) {
      draw(viewLines({ exercise, below, ...results === undefined ? {} : { results } }, out, words));
      if (changed && key === "") {
        await cluster.pass(TOGETHER);
        changed = false;
        results = await judged(session, exercise);
        if (outcome(results) === "passed") below = [out.style("green", words.passed)];
        continue;
      }
      if (key === "") {
        const again = new AbortController();
        const woken = new Promise<void>((resolve) => wake = resolve);
        const moves = results?.some(({ verdict }) => verdict === "not-yet" || verdict === "could-not-check") ?? false;
        const later = moves
          ? cluster.pass(LOOK_AGAIN, again.signal).then(() => void (changed = true), () => {})
          : new Promise<void>(() => {});
        await Promise.race([woken, later]);
        again.abort();
        continue;
      }
      const pressed = key;
      key = "";
      if (QUIT.has(pressed) || session.signal.aborted) after = { anew: false };
      else if (pressed === "r") after = { exercise, anew: true };
      else if (pressed === "n") {
        const next = await following(session, exercise);
        if (next === undefined) below = [session.messages.next.allPassed];
        else after = { exercise: next, anew: false };
      } else below = await asked(pressed, session, exercise) ?? below;
    }
    watching.abort();
    await watched;
    ({ exercise, anew } = { exercise: after.exercise, anew: after.anew });
  }
}

const QUIT = new Set(["q", "\x03", "\x04"]);

/** Judges, and keeps what was reached for the first time. */
async function judged({ cluster, progressFile }: Session, exercise: Exercise): Promise<readonly CheckResult[]> {
  const results = await judgeNow(cluster, exercise, await started(cluster, exercise) ?? { originals: new Map() });
  const progress = await readProgress(progressFile);
  if (outcome(results) === "passed" && progress.exercises[exercise.id]?.passed !== true) {
    await writeProgress(progressFile, withResults(progress, exercise.id, results, Date.now()));
  }
  return results;
}

async function following({ catalogue, progressFile }: Session, { id }: Exercise): Promise<Exercise | undefined> {
  const next = nextExercise(catalogue.exercises, await readProgress(progressFile), id);
  return next && await loadExercise(findExercise(catalogue, next.id));
}

/** What a key asks to see; undefined for a key that means nothing. */
async function asked(key: string, session: Session, exercise: Exercise): Promise<readonly string[] | undefined> {
  const { cluster, catalogue, progressFile, out, messages } = session;
  const progress = await readProgress(progressFile);
  const { id } = exercise;
  switch (key) {
    case "h": {
      const shown = progress.exercises[id]?.hints ?? [];
      const hint = await nextHint(cluster, exercise, shown);
      if (hint !== undefined) {
        await writeProgress(progressFile, withExercise(progress, id, { hints: [...shown, hint.index] }));
      }
      const before = shown.flatMap((index) => exercise.hints[index]?.text ?? []);
      const all = [...before, ...hint === undefined ? [] : [hint.text]].map((text) => `- ${out.say(text)}`);
      return hint === undefined ? [messages.watch.noHint, ...all] : all;
    }
    case "s":
      await writeProgress(progressFile, withExercise(progress, id, { sawSolution: true }));
      return [messages.solution.intro, ...exercise.script.trimEnd().split("\n")];
    case "l":
      return catalogue.exercises.map((one) => {
        const mark = progress.exercises[one.id]?.passed ? out.style("green", "✓") : one.id === id ? "→" : " ";
        return `${mark} ${one.id.padEnd(28)} ${out.say(one.title)}`;
      });
    case "t":
      return [];
    default:
      return undefined;
  }
}
