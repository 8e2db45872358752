/** What reports can be asked for in, without loading any of the formats. */
export const REPORT_FORMATS = ["tty", "json", "junit", "github", "sarif"] as const;

export type ReportFormat = typeof REPORT_FORMATS[number];
