/** What `drydock watch` and `drydock answer` say, in English. */
export const watch = {
  notTerminal: "`drydock watch` needs a terminal; `drydock check` does not.",
  keys: "n next · h hint · s solution · r reset · l list · t task · q quit",
  watching: "Watching the cluster; every change is checked.",
  checking: "Checking …",
  passed: "Passed. Press n for the next exercise.",
  noHint: "There are no more hints that fit the state of your work.",
  settingUp: (id: string) => `Setting ${id} up …`,
};

export const answer = {
  question: "which question, where the exercise has several",
  answer: "your answer",
  noQuestion: (id: string) => `The exercise ${id} asks no question.`,
  which: (questions: string) => `Say which question you answer: ${questions}.`,
  unknown: (question: string, questions: string) =>
    `There is no question ${question}; the questions are: ${questions}.`,
  written: (question: string, answer: string) => `Your answer to ${question}: ${answer}`,
};

export const times = {
  minutes: (minutes: number) => `${minutes} min`,
  hints: (count: number) => `${count} ${count === 1 ? "hint" : "hints"}`,
  sawSolution: "saw the solution",
};
