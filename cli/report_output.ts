/** Prints a report in the format that was asked for. */
import process from "node:process";
import { FORMATS } from "../checks/reports/formats.ts";
import type { ReportEntry } from "../checks/reports/report.ts";
import { summary, ttyReport } from "../checks/reports/tty.ts";
import type { Output } from "./output.ts";
import type { ReportFormat } from "./report_formats.ts";

export interface PrintOptions {
  /** `--json` asks for json, else it is tty. */
  readonly report?: ReportFormat | undefined;
  /** See {@linkcode ttyReport}. */
  readonly brief?: boolean;
  /** The entries were printed as they came. */
  readonly onlySummary?: boolean;
}

/** Prints the report to standard output. */
export function printReport(entries: readonly ReportEntry[], out: Output, options: PrintOptions) {
  const { report, brief = false, onlySummary = false } = options;
  const format = report ?? (out.json ? "json" : "tty");
  const text = format === "tty"
    ? (onlySummary ? summary : ttyReport)(entries, { language: out.language, colour: coloured(), brief })
    : FORMATS[format](entries, out.language);
  process.stdout.write(text + "\n");
}

/** Whether colours are wanted: on a terminal, unless NO_COLOR says no. */
export function coloured(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
