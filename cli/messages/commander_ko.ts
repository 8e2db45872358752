/** Commander's own messages: in Korean by their code, with the names that stand in quotes. */
import type { CommanderError } from "commander";
import type { Language } from "../../cluster/text.ts";

const KOREAN: Readonly<Record<string, (names: readonly string[]) => string>> = {
  "commander.unknownOption": ([name]) => `알 수 없는 옵션입니다: ${name}`,
  "commander.unknownCommand": ([name]) => `알 수 없는 명령입니다: ${name}`,
  "commander.missingArgument": ([name]) => `인자가 빠졌습니다: ${name}`,
  "commander.optionMissingArgument": ([name]) => `옵션에 값이 필요합니다: ${name}`,
  "commander.excessArguments": () => "인자가 너무 많습니다.",
  "commander.invalidArgument": ([option, value]) => `${option} 옵션에 쓸 수 없는 값입니다: ${value}`,
};

/** What a usage error says, without commander's prefix. */
export function usageText({ code, message }: Pick<CommanderError, "code" | "message">, language: Language): string {
  const plain = message.replace(/^error: /, "");
  const korean = KOREAN[code];
  if (language === "en" || korean === undefined) return plain;
  const meant = /\(Did you mean ([^?]*)\?\)/.exec(plain)?.[1];
  const names = [...plain.matchAll(/'([^']*)'/g)].map((match) => match[1]);
  // What a parser of ours says comes after commander's sentence.
  const details = code === "commander.invalidArgument" ? `. ${plain.split("is invalid. ")[1] ?? ""}` : "";
  return korean(names) + (meant === undefined ? "" : ` (혹시 ${meant}?)`) + details;
}
