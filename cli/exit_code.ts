/** What Drydock's exit codes mean. */
export const EXIT = {
  passed: 0,
  notPassed: 1,
  usage: 2,
  couldNotCheck: 3,
} as const;

export type ExitCode = number;
