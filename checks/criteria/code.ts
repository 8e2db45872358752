/**
 * `code`: a function of `checks.ts` in the exercise's folder, for what the other criteria cannot say. It looks at the
 * cluster through the same scope as they do, and gives what differs. The file is only loaded when the check runs.
 */
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Problem } from "../../cluster/problem.ts";
import { fields, string } from "../shape.ts";
import type { CriterionType, Mismatch, Scope } from "./criterion.ts";

/** What checks.ts exports. Empty when the check holds. */
export type CheckFunction = (scope: Scope) => Promise<readonly Mismatch[]>;

const OWN_FIELDS = {
  code: string(/^[A-Za-z_$][\w$]*$/, "the name of a function in checks.ts", "checks.ts에 있는 함수 이름"),
};

export const code: CriterionType = {
  keyword: "code",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { code: name } = reading;
    const file = join(dirname(place.document.file), "checks.ts");
    return {
      targets: [],
      async evaluate(scope) {
        return await (await checkFunction(file, name))(scope);
      },
    };
  },
};

/** @throws {Problem} `unavailable`: there is no such file or function */
export async function checkFunction(file: string, name: string): Promise<CheckFunction> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    const why = (error as Error).message.split("\n")[0];
    throw new Problem("unavailable", {
      en: `${file} cannot be loaded: ${why}`,
      ko: `${file} 파일을 불러올 수 없습니다: ${why}`,
    });
  }
  const found = module[name];
  if (typeof found === "function") return found as CheckFunction;
  throw new Problem("unavailable", {
    en: `${file} exports no function ${name}.`,
    ko: `${file} 파일에서 내보내지 않는 함수입니다: ${name}`,
  });
}
