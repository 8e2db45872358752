/** Compares what kubectl says it has done: "deployment.apps/web created". */
import type { Finding } from "../finding.ts";
import type { CodeLine } from "../markdown.ts";
import { stem } from "./same.ts";
import { differs } from "./shown.ts";

/** "deployment.apps/web created" and the older "deployment \"web\" created" */
const MESSAGE =
  /^([a-z]+)(?:\.[a-z0-9.]+)?(?:\/([\w.-]+)| "([^"]+)") ([a-z][a-z ]*?)(?: from \S+ namespace)?(?: \(.*\))?$/;

/** What stands for the same thing, depending on what was there before. */
const SAME_VERB: Readonly<Record<string, string>> = {
  configured: "created",
  unchanged: "created",
  replaced: "created",
  "force deleted": "deleted",
};

interface Message {
  readonly kind: string;
  readonly name: string;
  readonly verb: string;
}

function readMessage(text: string): Message | undefined {
  const found = text.length > 500 ? null : MESSAGE.exec(text.trim());
  if (found === null) return undefined;
  const [, kind, name, quoted, verb] = found;
  return { kind, name: name ?? quoted, verb: SAME_VERB[verb] ?? verb };
}

export function messageFindings(shown: readonly CodeLine[], stdout: string): Finding[] {
  const messages = stdout.split("\n").map(readMessage).filter((message) => message !== undefined);
  return shown.flatMap((line) => {
    const message = readMessage(line.text);
    if (message === undefined) return [];
    const same = messages.filter(({ name }) => stem(name) === stem(message.name));
    if (same.length === 0 || same.some(({ kind, verb }) => kind === message.kind && verb === message.verb)) return [];
    const [{ kind, name, verb }] = same;
    return [differs(line, 0, `${line.text.trim()}, not ${kind}/${name} ${verb}`, {
      en: `kubectl says here: ${kind}/${name} ${verb}.`,
      ko: `kubectl은 여기서 ${kind}/${name} ${verb}라고 출력합니다.`,
    })];
  });
}
