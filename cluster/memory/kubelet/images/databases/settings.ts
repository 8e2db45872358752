/** How the images of databases are told what to begin with. */
import type { ServerContext } from "../image.ts";

/** A variable, or the content of the file that the variable with _FILE names. */
export const secretOf = ({ env, readFile }: ServerContext, ...names: readonly string[]): string | undefined =>
  names.map((name) => env[name] ?? (env[`${name}_FILE`] ? readFile(env[`${name}_FILE`])?.trimEnd() : undefined))
    .find((value) => value !== undefined);

/** Databases without tables, as they are first kept. */
export const initial = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
