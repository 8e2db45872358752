/** All that containers are held to, on the memory cluster and on any other. */
import { ENVIRONMENT } from "./environment.ts";
import type { InsideCase } from "./inside_case.ts";
import { LIVES } from "./lives.ts";
import { LOGS_AND_COMMANDS } from "./logs_and_commands.ts";
import { POLICIES } from "./policies.ts";
import { SERVICES } from "./services.ts";
import { VOLUMES } from "./volumes.ts";

export const INSIDE_CASES: readonly InsideCase[] = [
  ...LOGS_AND_COMMANDS,
  ...ENVIRONMENT,
  ...VOLUMES,
  ...LIVES,
  ...SERVICES,
  ...POLICIES,
];
