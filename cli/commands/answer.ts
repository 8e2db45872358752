import { Problem } from "../../cluster/problem.ts";
import { message } from "../messages/messages.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock answer [QUESTION] ANSWER…`: answers a question of the current exercise. */
export const answer: AddCommand = (program, { messages: { about, answer: words }, signal }) => {
  program.command("answer").description(about.answer)
    .argument("<answer...>", words.answer)
    .option("-q, --question <question>", words.question)
    .action(async (given, { question: asked }, command) => {
      const { exerciseMeant, learner, mustBeStarted, openFor } = await import("../learner.ts");
      const { writeAnswer } = await import("../../checks/criteria/answer.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const exercise = await exerciseMeant(await learner(common));
      const questions = exercise.checks.flatMap(({ criterion }) => criterion.question ?? []);
      // The first word may be the question's name.
      const [first, ...rest] = given;
      const isNamed = asked === undefined && rest.length > 0 && questions.includes(first);
      const question = questionMeant(exercise.id, questions, isNamed ? first : asked);
      const text = (isNamed ? rest : given).join(" ");

      await using opened = await openFor(common, out, { changes: true, otherwise: "refuse", signal });
      await mustBeStarted(opened, exercise);
      await writeAnswer(opened.cluster.objects, exercise.namespace, question, text);
      out.data({ question, answer: text });
      out.line(words.written(question, text));
    });
};

/** @throws {Problem} `usage` when it is unknown which one */
function questionMeant(id: string, questions: readonly string[], asked: string | undefined): string {
  const all = questions.join(", ");
  if (questions.length === 0) throw new Problem("usage", message(({ answer }) => answer.noQuestion(id)));
  if (asked === undefined && questions.length === 1) return questions[0];
  if (asked === undefined) throw new Problem("usage", message(({ answer }) => answer.which(all)));
  if (!questions.includes(asked)) throw new Problem("usage", message(({ answer }) => answer.unknown(asked, all)));
  return asked;
}
