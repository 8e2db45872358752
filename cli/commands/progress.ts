import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock progress`: what is passed, by topic. */
export const progress: AddCommand = (program, { messages: { about, progress: words, times } }) => {
  program.command("progress").description(about.progress)
    .action(async (_options, command) => {
      const { learner } = await import("../learner.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const { catalogue: { exercises, topics }, progress } = await learner(common);
      const passed = (id: string) => progress.exercises[id]?.passed === true;

      out.data({
        passed: exercises.filter(({ id }) => passed(id)).length,
        of: exercises.length,
        current: progress.current ?? null,
        exercises: exercises.map(({ id, topic }) => ({ id, topic, ...progress.exercises[id] })),
      });
      for (const topic of topics) {
        const own = exercises.filter((exercise) => exercise.topic === topic.id);
        if (own.length === 0) continue;
        const done = own.filter(({ id }) => passed(id)).length;
        const bar = own.map(({ id }) => passed(id) ? out.style("green", "■") : "□").join("");
        out.line(`${bar.padEnd(4)} ${done}/${own.length}  ${out.say(topic.title)}`);
        for (const { id, minutes } of own) {
          const { seconds, hints = [], sawSolution = false } = progress.exercises[id] ?? {};
          const facts = [
            ...seconds === undefined ? [] : [`${times.minutes(Math.ceil(seconds / 60))} / ${times.minutes(minutes)}`],
            ...hints.length === 0 ? [] : [times.hints(hints.length)],
            ...sawSolution ? [times.sawSolution] : [],
          ];
          if (facts.length > 0) out.line(out.style("gray", `       ${id}: ${facts.join(", ")}`));
        }
      }
      out.line(words.row(exercises.filter(({ id }) => passed(id)).length, exercises.length));
    });
};
