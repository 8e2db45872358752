/** Asks the questions of a quiz: with prompts in a terminal, a line an answer where answers come through a pipe. */
import process from "node:process";
import { createInterface } from "node:readline";
import { isRight, type ResourceNames } from "../checks/notes/quiz/answer.ts";
import { BLANK, type Question } from "../checks/notes/quiz/questions.ts";
import type { Messages } from "./messages/messages.ts";
import type { Output } from "./output.ts";

/** Gives the answer to a question; undefined when the person has had enough. */
type Ask = (question: string) => Promise<string | undefined>;

/** @returns how many answers were right */
export async function askAll(
  questions: readonly Question[],
  resources: ResourceNames,
  out: Output,
  words: Messages["quiz"],
): Promise<number> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const { ask, close } = isTerminal ? await prompts(words.missing(BLANK)) : lines(out);
  let right = 0;
  for (const [i, question] of questions.entries()) {
    const { headings, line, text, answer } = question;
    out.line(out.style("dim", words.number(i + 1, questions.length, [...headings, `:${line}`].join(" › "))));
    const given = await ask(text);
    if (given === undefined) break;
    if (isRight(question, given, resources)) {
      right++;
      out.line(out.style("green", words.right));
    } else out.line(out.style("red", words.wrong(text.replace(BLANK, answer))));
    out.line();
  }
  close();
  return right;
}

async function prompts(message: string): Promise<{ ask: Ask; close: () => void }> {
  const { isCancel, text: prompt } = await import("@clack/prompts");
  const ask: Ask = async (text) => {
    process.stdout.write(`${text}\n`);
    const answer = await prompt({ message });
    return isCancel(answer) ? undefined : answer ?? "";
  };
  return { ask, close: () => {} };
}

function lines(out: Output): { ask: Ask; close: () => void } {
  const reader = createInterface({ input: process.stdin });
  const answers = reader[Symbol.asyncIterator]();
  const ask: Ask = async (text) => {
    out.line(text);
    const { done, value } = await answers.next();
    return done === true ? undefined : value;
  };
  return { ask, close: () => reader.close() };
}
