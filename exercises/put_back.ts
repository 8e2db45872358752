/**
 * Objects that were on the cluster before an exercise and that the exercise changes, such as a node that is drained:
 * how they were is remembered, and put back when the exercise is taken away.
 */
import { isMap } from "../checks/shape.ts";
import { type ApiObject, type Cluster, describeRef, type ObjectRef } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import type { Exercise } from "./exercise.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What of an object a person changes: its labels and its spec. The rest is the server's. */
export interface Remembered {
  readonly ref: ObjectRef;
  readonly labels: Fields;
  readonly spec: Fields;
}

/** @throws {Problem} `usage` when the cluster lacks one of them */
export async function remembered(
  cluster: Cluster,
  { id, changes }: Pick<Exercise, "id" | "changes">,
): Promise<readonly Remembered[]> {
  return await Promise.all(changes.map(async (ref): Promise<Remembered> => {
    const found = await cluster.objects.get(ref);
    if (found !== undefined) return { ref, labels: found.metadata.labels ?? {}, spec: specOf(found) };
    const name = describeRef(ref);
    throw new Problem("usage", {
      en: `The exercise ${id} works on ${name}, which this cluster does not have.`,
      ko: `이 클러스터에는 연습 문제 ${id}에 필요한 오브젝트가 없습니다: ${name}`,
    }, {
      en: "Use another cluster: `drydock up` starts one.",
      ko: "다른 클러스터를 쓰세요. `drydock up`으로 시작할 수 있습니다.",
    });
  }));
}

/** Gives each object its labels and its spec back; one that is gone stays gone. */
export async function putBack(cluster: Cluster, all: readonly Remembered[]): Promise<void> {
  for (const { ref, labels, spec } of all) {
    const found = await cluster.objects.get(ref);
    if (found === undefined) continue;
    const changed = {
      ...nonEmpty("metadata", nonEmpty("labels", mergePatch(found.metadata.labels ?? {}, labels))),
      ...nonEmpty("spec", mergePatch(specOf(found), spec)),
    };
    if (Object.keys(changed).length > 0) await cluster.objects.patch(ref, { type: "merge", body: changed });
  }
}

/**
 * The merge patch (RFC 7386) that makes `to` of `from`.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(mergePatch({ a: 1, b: { c: 2, d: 3 }, e: [4] }, { b: { c: 5, d: 3 }, e: [4] }), {
 *   a: null,
 *   b: { c: 5 },
 * });
 * ```
 */
export function mergePatch(from: Fields, to: Fields): Fields {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [is, should] = [from[key], to[key]];
    if (JSON.stringify(is) === JSON.stringify(should)) continue;
    if (isMap(is) && isMap(should)) Object.assign(patch, nonEmpty(key, mergePatch(is, should)));
    else patch[key] = should ?? null;
  }
  return patch;
}

const nonEmpty = (key: string, value: Fields): Fields => Object.keys(value).length === 0 ? {} : { [key]: value };

const specOf = ({ spec }: ApiObject): Fields => isMap(spec) ? spec : {};
