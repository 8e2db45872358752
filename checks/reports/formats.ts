/** Every format of a report by its name. */
import type { Language } from "../../cluster/text.ts";
import { githubReport } from "./github.ts";
import { jsonReport } from "./json.ts";
import { junitReport } from "./junit.ts";
import type { ReportEntry } from "./report.ts";
import { sarifReport } from "./sarif.ts";

/** Formats that programs read; for people there is `ttyReport`. */
export const FORMATS: Readonly<
  Record<"json" | "junit" | "github" | "sarif", (entries: readonly ReportEntry[], language: Language) => string>
> = {
  json: (entries) => JSON.stringify(jsonReport(entries), null, 2),
  junit: junitReport,
  github: githubReport,
  sarif: (entries, language) => JSON.stringify(sarifReport(entries, language), null, 2),
};
