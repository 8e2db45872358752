import assert from "node:assert/strict";
import { en } from "../../cli/messages/en.ts";
import { ko } from "../../cli/messages/ko.ts";
import { languageOf } from "../../cli/language.ts";
import { usageText } from "../../cli/messages/commander_ko.ts";
import { buildProgram } from "../../cli/program.ts";

/** Every message of a catalogue with its name; functions are called with their parameters' names. */
function sentences(catalogue: object, path = ""): readonly (readonly [string, string])[] {
  return Object.entries(catalogue).flatMap(([name, value]) => {
    const at = path === "" ? name : `${path}.${name}`;
    if (typeof value === "string") return [[at, value] as const];
    if (typeof value === "function") {
      return [[at, value(...Array.from({ length: value.length }, (_, i) => `$${i}`))] as const];
    }
    return sentences(value, at);
  });
}

Deno.test("every message says the same things in both languages", () => {
  const korean = new Map(sentences(ko));
  for (const [name, text] of sentences(en)) {
    const other = korean.get(name)!;
    const parameters = (one: string) => [...one.matchAll(/\$\d/g)].map(String).sort().join();
    assert.equal(parameters(other), parameters(text), name);
    assert.doesNotMatch(text, /[가-힣]/, name);
    assert.match(other, /[가-힣]|^\$/, name);
  }
});

Deno.test("the language comes from the locale", () => {
  assert.equal(languageOf({ LANG: "ko_KR.UTF-8" }), "ko");
  assert.equal(languageOf({ LANG: "ko" }), "ko");
  assert.equal(languageOf({ LANG: "en_US.UTF-8" }), "en");
  assert.equal(languageOf({ LANG: "kok_IN" }), "en");
  assert.equal(languageOf({ LANG: "ko_KR.UTF-8", LC_ALL: "en_US" }), "en");
  assert.equal(languageOf({ LC_MESSAGES: "ko_KR", LANG: "C" }), "ko");
  assert.equal(languageOf({}), "en");
});

Deno.test("usage errors speak Korean too", () => {
  const error = { code: "commander.unknownOption", message: "error: unknown option '--jsn'\n(Did you mean --json?)" };
  assert.equal(usageText(error, "en"), "unknown option '--jsn'\n(Did you mean --json?)");
  assert.equal(usageText(error, "ko"), "알 수 없는 옵션입니다: --jsn (혹시 --json?)");
});

Deno.test("every command and option is explained in the language asked for", () => {
  const surroundings = { signal: new AbortController().signal, ignoreSignals: () => {}, exit: () => {} };
  const program = buildProgram({ ...surroundings, language: "ko", messages: ko });
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    assert.match(command.description(), /[가-힣]/, command.name());
    for (const { flags, description } of command.options) {
      assert.match(description, /[가-힣]/, `${command.name()} ${flags}`);
    }
    assert.match(command.helpInformation(), /사용법:/);
    assert.doesNotMatch(command.helpInformation(), /choices|display help/, command.name());
  }
});
