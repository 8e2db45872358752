import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock list`: the exercises by topic. */
export const list: AddCommand = (program, { messages: { about, list: words, options } }) => {
  program.command("list").description(about.list)
    .option("--topic <topic>", options.topic)
    .action(async ({ topic: wanted }, command) => {
      const { learner } = await import("../learner.ts");
      const { lacking } = await import("../../exercises/catalogue.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const { catalogue: { topics, exercises, broken }, progress } = await learner(common);
      const shown = exercises.filter(({ topic }) => wanted === undefined || topic === wanted);

      out.data(shown.map(({ id, title, topic, difficulty, minutes, exam, notes, requires, checks }) => ({
        id,
        title,
        topic,
        difficulty,
        minutes,
        exam,
        notes,
        requires,
        points: checks.reduce((sum, { points }) => sum + points, 0),
        passed: progress.exercises[id]?.passed ?? false,
      })));
      for (const topic of topics) {
        const own = shown.filter((exercise) => exercise.topic === topic.id);
        const isListed = own.length > 0 || (topic.requires.length > 0 && (wanted === undefined || wanted === topic.id));
        if (!isListed) continue;
        out.line(out.style("bold", out.say(topic.title)));
        const absent = lacking(topic.requires);
        if (absent.length > 0) out.line(`    ${words.notCheckableHere(absent.join(", "))}`);
        for (const { id, title, minutes, difficulty, requires } of own) {
          const state = progress.exercises[id]?.passed ? words.passed : id === progress.current ? words.current : "";
          const mark = state === "" ? " " : state === words.passed ? out.style("green", "✓") : out.style("yellow", "→");
          const facts = `${"★".repeat(difficulty)}${"☆".repeat(3 - difficulty)} ${words.minutes(minutes)}`;
          out.line(`  ${mark} ${id.padEnd(28)} ${facts}  ${out.say(title)}${state === "" ? "" : `  (${state})`}`);
          const lacks = lacking(requires);
          if (lacks.length > 0) out.line(`      ${words.notCheckableHere(lacks.join(", "))}`);
        }
      }
      if (broken.size > 0) {
        out.note(words.broken);
        for (const problem of broken.values()) out.note(problem.text);
      }
    });
};
