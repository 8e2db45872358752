/** What the commands for authors of exercises say, in English. */
export const author = {
  verify: {
    mutate: "also spoil the solution once for each check: that check must notice, and only it",
  },
  lint: {
    folders: "folders of catalogues or exercises; those that come with Drydock unless given",
    clean: (count: number) => `${count} ${count === 1 ? "exercise" : "exercises"} looked at, nothing found.`,
    found: (issues: number, count: number) =>
      `${count} ${count === 1 ? "exercise" : "exercises"} looked at, ${issues} ${
        issues === 1 ? "issue" : "issues"
      } found.`,
  },
  new: {
    id: "the exercise's id: lower-case letters, digits and dashes",
    topic: "the topic, one of topics.yaml",
    titleEn: "the title in English",
    titleKo: "the title in Korean",
    cka: "a competency of the CKA, such as workloads/scheduling",
    ckad: "a competency of the CKAD, such as design/workloads",
    difficulty: "1 easy to 3 hard",
    minutes: "how many minutes it should take",
    intro: "A new exercise",
    none: "none",
    missing: (options: string) => `Not on a terminal, so give these options: ${options}.`,
    badId: "Use lower-case letters, digits and dashes.",
    required: "This is required.",
    unknownTopic: (topic: string) => `${topic} is not in topics.yaml.`,
    unknownCompetency: (competency: string) => `${competency} is not a competency of the curriculum.`,
    topicsAre: (topics: string) => `Known are: ${topics}.`,
    cancelled: "Nothing was written.",
    written: (folder: string) => `Written: ${folder}`,
    then: (id: string, exercises: string) =>
      `It is a working example. Change it, then run \`drydock lint${exercises}\` and \`drydock verify --mutate ${id}${exercises}\`.`,
  },
  parity: {
    needsContext: "Name the cluster to compare with: --context.",
    memory: "memory cluster",
    differences: (count: number, all: number) => `${count} of ${all} exercises differ.`,
    exercise: "exercise",
    running: (id: string) => `${id} …`,
  },
  coverage: {
    write: "write it into FILE, between <!-- coverage: begin --> and <!-- coverage: end -->",
    noMarkers: (file: string) => `${file} lacks the lines <!-- coverage: begin --> and <!-- coverage: end -->.`,
    covered: (covered: number, all: number, exam: string) =>
      `${exam}: ${covered} of ${all} competencies have exercises.`,
  },
};
