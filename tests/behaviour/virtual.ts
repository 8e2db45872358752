/**
 * How near a whole cluster is to a real one, on virtual time: plays all recorded scenarios in this process, in seconds,
 * and prints what differs in the objects and events that they leave. The cluster has the two nodes of the recording.
 *
 *     deno task behaviour [--only TEXT] [--show N] [--seed N]
 *
 * `behaviour.ts` does the same with kubectl and on the world's time.
 */
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { replay, type Scenario } from "./replay.ts";
import { type Score, score } from "./score.ts";
import { virtualCluster } from "./virtual_cluster.ts";

const RECORDED = fileURLToPath(new URL("../../../shared/golden/behaviours.json", import.meta.url));

if (!existsSync(RECORDED)) {
  console.log(`nothing to compare with: there is no ${RECORDED}`);
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    show: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
  },
});
const all: readonly Scenario[] = JSON.parse(readFileSync(RECORDED, "utf8")).scenarios;

const begun = performance.now();
using cluster = await virtualCluster({ seed: Number(values.seed) });
const scores: Score[] = [];
for (const [i, scenario] of all.filter(({ id }) => id.includes(values.only)).entries()) {
  const found = score(scenario, await replay(cluster, scenario, `b${i}xaaa`));
  if (!found.whole) tell(scenario.id, found);
  scores.push(found);
}
const seconds = (performance.now() - begun) / 1000;
const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0);
console.log(
  `objects identical ${sum(({ sameObjects }) => sameObjects)}/${sum(({ objects }) => objects)}, ` +
    `events identical ${sum(({ sameEvents }) => sameEvents)}/${sum(({ events }) => events)}, ` +
    `scenarios identical ${scores.filter(({ whole }) => whole).length}/${scores.length}, ${seconds.toFixed(1)} s`,
);
// Controllers that meet a namespace on its way out report it, as real ones do, and try again.
for (const report of new Set(cluster.reports)) console.log(`reported: ${report.split("\n", 1)[0]}`);

function tell(id: string, { differences, missingEvents, extraEvents, ...counts }: Score): void {
  const { sameObjects, objects, sameEvents, events } = counts;
  console.log(`✗ ${id}: objects ${sameObjects}/${objects}, events ${sameEvents}/${events}`);
  const first = <T>(items: readonly T[]) => items.slice(0, Number(values.show));
  const short = (value: unknown) => JSON.stringify(value)?.slice(0, 200);
  for (const { path, want, got } of first(differences)) {
    console.log(`    ${path}\n      want ${short(want)}\n      got  ${short(got)}`);
  }
  for (const event of first(missingEvents)) console.log(`    missing event: ${event}`);
  for (const event of first(extraEvents)) console.log(`    extra event:   ${event}`);
}
