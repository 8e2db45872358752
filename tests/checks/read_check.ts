/** Reads checks from YAML, for tests. */
import { type Check, check } from "../../checks/check.ts";
import { readShape } from "../../checks/shape.ts";
import { readYaml } from "../../checks/yaml.ts";

const TITLE = "title: { en: A title, ko: 제목 }";

/** One check; id and title are added. */
export function readCheck(text: string): Check {
  return readShape(readYaml(`id: it\n${TITLE}\n${text}`, "check.yaml")[0], check);
}
