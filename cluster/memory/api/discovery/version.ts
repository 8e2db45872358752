/** `/version`: which Kubernetes this is, as a build from source without a stamp says it. */
export const versionDocument = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.0",
  gitCommit: "$Format:%H$",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "go1.27.3",
  compiler: "gc",
  platform: "linux/amd64",
} as const;
