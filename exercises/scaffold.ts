/** A new exercise's folder: small, whole and provable, for the author to change. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { Problem } from "../cluster/problem.ts";
import type { Text } from "../cluster/text.ts";

export interface NewExercise {
  readonly id: string;
  readonly topic: string;
  readonly title: Text;
  readonly exam: { readonly cka?: string; readonly ckad?: string };
  readonly difficulty: number;
  readonly minutes: number;
}

/**
 * Writes `TOPIC/ID/` under `catalogue`.
 *
 * @returns the folder
 * @throws {Problem} `usage` when it is there already
 */
export async function writeExercise(catalogue: string, exercise: NewExercise): Promise<string> {
  const folder = join(catalogue, exercise.topic, exercise.id);
  if ((await readdir(folder).catch(() => [])).length > 0) {
    throw new Problem("usage", {
      en: `${folder} is there already, and nothing was changed.`,
      ko: `이미 있는 폴더라서 아무것도 바꾸지 않았습니다: ${folder}`,
    });
  }
  await mkdir(folder, { recursive: true });
  const files = filesOf(exercise);
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return folder;
}

/** The example asks for a ConfigMap, which every cluster has at once. */
function filesOf({ id, topic, title, exam, difficulty, minutes }: NewExercise): Readonly<Record<string, string>> {
  const object = { apiVersion: "v1", kind: "ConfigMap", name: "settings" };
  const header = {
    id,
    topic,
    title,
    notes: [topic],
    exam,
    difficulty,
    minutes,
    requires: [],
    hints: [{
      en: "`kubectl create configmap --help` shows how.",
      ko: "`kubectl create configmap --help`에 방법이 나옵니다.",
    }],
    checks: [{
      id: "colour",
      title: { en: "The ConfigMap settings says colour=blue", ko: "컨피그맵 settings에 colour=blue가 있다" },
      points: 2,
      object,
      match: { data: { colour: "blue" } },
    }],
  };
  const { name, ...kind } = object;
  return {
    "exercise.yaml": stringify(header, { lineWidth: 120 }),
    "task.en.md": `Work in the namespace \`${id}\`.\n\nCreate a ConfigMap \`settings\` with \`colour=blue\`.\n`,
    "task.ko.md":
      `네임스페이스 \`${id}\`에서 작업하세요.\n\n\`colour=blue\`가 들어 있는 컨피그맵 \`settings\`를 만드세요.\n`,
    "solution.yaml": stringify({ ...kind, metadata: { name }, data: { colour: "blue" } }),
    "solution.sh": `kubectl -n ${id} create configmap settings --from-literal=colour=blue\n`,
    "spoiled.yaml": stringify({ colour: [{ patch: { ...object, body: { data: { colour: "red" } } } }] }),
  };
}
