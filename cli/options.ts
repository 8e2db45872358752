/** The options that every command understands, and what they come to. */
import process from "node:process";
import type { OptionValues } from "commander";
import type { Language } from "../cluster/text.ts";
import { languageOf } from "./language.ts";
import { type Output, output } from "./output.ts";

/** What a person gave on the command line, before or after the command's name. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly lang?: Language;
  readonly context?: string;
  readonly allowContext?: string;
  readonly exercises?: string;
}

/** The options of a command together with those that stand before its name. */
export function commonOptions(command: { optsWithGlobals(): OptionValues }): CommonOptions {
  return command.optsWithGlobals() as CommonOptions;
}

/** The output that the options ask for. */
export function outputFor({ json = false, lang }: CommonOptions): Output {
  return output(lang ?? languageOf(process.env), json);
}

/**
 * The language that a command line asks for, known before it is parsed: errors of parsing speak it too.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(languageAsked(["list", "--lang", "ko"], {}), "ko");
 * assert.equal(languageAsked(["--lang=en"], { LANG: "ko_KR" }), "en");
 * ```
 */
export function languageAsked(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const at = own.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const value = at < 0 ? undefined : own[at].includes("=") ? own[at].split("=")[1] : own[at + 1];
  return value === "ko" || value === "en" ? value : languageOf(env);
}
