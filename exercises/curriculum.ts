/** What the CKA and the CKAD ask: domains with their weight in the exam, and competencies by short ids. */
import { readFile } from "node:fs/promises";
import { fields, integer, list, mapOf, readShape, string, text } from "../checks/shape.ts";
import { readYaml } from "../checks/yaml.ts";
import type { Text } from "../cluster/text.ts";

export type Exam = "cka" | "ckad";

export interface Domain {
  readonly id: string;
  readonly title: Text;
  /** Percent of the exam. */
  readonly weight: number;
  readonly competencies: Readonly<Record<string, Text>>;
}

export type Curricula = Readonly<Record<Exam, readonly Domain[]>>;

const FILE = new URL("./curriculum.yaml", import.meta.url);
const domains = list(fields({ id: string(), title: text, weight: integer(1, 100), competencies: mapOf(text) }));
const curricula = fields({ cka: domains, ckad: domains });

/** The curricula that come with Drydock. */
export async function loadCurricula(): Promise<Curricula> {
  const [document] = readYaml(await readFile(FILE, "utf8"), "curriculum.yaml");
  return readShape(document, curricula);
}

/** The competencies of an exam as exercises name them: "workloads/rolling-updates". */
export function competenciesOf(domains: readonly Domain[]): ReadonlySet<string> {
  return new Set(domains.flatMap(({ id, competencies }) => Object.keys(competencies).map((one) => `${id}/${one}`)));
}
