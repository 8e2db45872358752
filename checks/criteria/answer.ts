/**
 * `answer`: a question about the cluster. Its right answer is computed from the cluster when it is checked, so it cannot
 * rot. `drydock answer` writes what the learner says into a ConfigMap of the exercise's namespace; `kubectl` can too.
 */
import type { ObjectClient } from "../../cluster/cluster.ts";
import type { CelValue } from "../cel.ts";
import { fields, optional, type Shape, string } from "../shape.ts";
import { celOf } from "./cel_shape.ts";
import { apiVersion, type CriterionType, DOES_NOT_EXIST, kindName, type Scope } from "./criterion.ts";

/** The ConfigMap with the learner's answers, by question. */
export const ANSWERS = { apiVersion: "v1", kind: "ConfigMap", name: "answers" } as const;

/** What an answer is computed from. */
export interface AnswerSource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly selector?: string;
  readonly namespace?: string;
}

/** A question and how its answer is computed. */
export interface Question {
  /** What the question is called: the ConfigMap's key. */
  readonly question: string;
  readonly of: AnswerSource;
  /** CEL over `object` where `of` has a name, else over `objects`. A list's order does not count. */
  readonly value: CelValue;
}

export const question: Shape<Question> = fields({
  question: string(/^[-._a-zA-Z0-9]+$/, "a name such as busiest-node", "busiest-node 같은 이름"),
  of: fields({
    apiVersion,
    kind: kindName,
    name: optional(string()),
    selector: optional(string()),
    namespace: optional(string()),
  }),
  value: celOf("object", "objects"),
});

const OWN_FIELDS = { answer: question };

export const answer: CriterionType = {
  keyword: "answer",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { question, of, value } = reading.answer;
    const target = {
      apiVersion: of.apiVersion,
      kind: of.kind,
      ...of.name === undefined ? {} : { name: of.name },
      ...of.namespace === undefined ? {} : { namespace: of.namespace },
    };
    return {
      targets: [target],
      question,
      async evaluate(scope) {
        const given = await answerGiven(scope, question);
        const subject = `\`${question}\``;
        if (given === undefined) {
          return [{
            subject,
            note: {
              en: `is not answered yet: \`drydock answer ${question} …\``,
              ko: `아직 답하지 않았습니다: \`drydock answer ${question} …\``,
            },
          }];
        }
        const variables = await computedFrom(scope, of);
        if (variables === undefined) return [{ subject: `${of.kind} ${of.name}`, note: DOES_NOT_EXIST }];
        if (sameAnswer(given, value.value(variables))) return [];
        return [{
          // What would be right is for the learner to find.
          subject,
          note: {
            en: `${JSON.stringify(given)} is not the answer`,
            ko: `정답이 아닙니다: ${JSON.stringify(given)}`,
          },
        }];
      },
    };
  },
};

/** The answer as one would write it; undefined where it cannot be computed. */
export async function computedAnswer(scope: Scope, { of, value }: Question): Promise<string | undefined> {
  const variables = await computedFrom(scope, of);
  const answer = variables && value.value(variables);
  if (answer === undefined || answer === null) return undefined;
  return Array.isArray(answer) ? answer.join(" ") : String(answer);
}

/** Writes down what was answered, in place of what was answered before. */
export async function writeAnswer(
  objects: ObjectClient,
  namespace: string,
  question: string,
  answer: string,
): Promise<void> {
  const ref = { ...ANSWERS, namespace };
  const { name, ...kind } = ANSWERS;
  const data = { [question]: answer };
  if (await objects.get(ref) !== undefined) await objects.patch(ref, { type: "merge", body: { data } });
  else await objects.create({ ...kind, metadata: { name, namespace }, data });
}

async function answerGiven({ objects, namespace }: Scope, question: string): Promise<string | undefined> {
  const found = await objects.get({ ...ANSWERS, namespace });
  return (found?.data as Readonly<Record<string, string>> | undefined)?.[question];
}

async function computedFrom(
  { objects, namespace: here }: Scope,
  { apiVersion, kind, name, selector, namespace = here }: AnswerSource,
) {
  if (name !== undefined) {
    const object = await objects.get({ apiVersion, kind, namespace, name });
    return object && { object, objects: [object] };
  }
  const isNamespaced = await objects.namespaced({ apiVersion, kind });
  const all = await objects.list({
    apiVersion,
    kind,
    ...isNamespaced === false ? {} : { namespace },
    ...selector === undefined ? {} : { labelSelector: selector },
  });
  return { object: all[0] ?? {}, objects: all };
}

/**
 * Whether the learner's words mean the value: apart from white space, and for a list apart from the order.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.ok(sameAnswer(" 3\n", 3));
 * assert.ok(sameAnswer("b, a", ["a", "b"]));
 * assert.ok(!sameAnswer("a", ["a", "b"]));
 * ```
 */
export function sameAnswer(given: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (!Array.isArray(value)) return given.trim() === String(value);
  const words = given.split(/[\s,]+/).filter((word) => word !== "").sort();
  return JSON.stringify(words) === JSON.stringify(value.map(String).sort());
}
