/** Programs of containers whose letters are in disorder: `pyhton`. Whatever else an image has cannot be known. */
import type { Path } from "../yaml.ts";
import type { Finding } from "./finding.ts";
import { SHELL_TOOLS } from "./programs.ts";
import type { NoteDocument } from "./yaml_documents.ts";

const PROGRAMS = [
  ...SHELL_TOOLS,
  "python",
  "python3",
  "nginx",
  "httpd",
  "redis-server",
  "mysqld",
  "postgres",
  "busybox",
];

const sorted = (word: string): string => [...word].sort().join("");

const BY_LETTERS = new Map(PROGRAMS.filter(({ length }) => length > 3).map((name) => [sorted(name), name]));

export function containerPrograms(document: NoteDocument): Finding[] {
  return commandsIn(document.value, []).flatMap(({ path, program }) => {
    const meant = BY_LETTERS.get(sorted(program));
    if (meant === undefined || PROGRAMS.includes(program)) return [];
    const place = document.locate(path);
    return [{
      ...place,
      rule: "unknown-program",
      severity: "warning",
      message: `exec: "${program}": executable file not found in $PATH`,
      explanation: { en: `There is hardly a program ${program}.`, ko: `${program} 프로그램은 없을 것입니다.` },
      mend: { text: { en: `Did you mean ${meant}?`, ko: `혹시 ${meant}인가요?` } },
    }];
  });
}

interface ContainerProgram {
  readonly path: Path;
  readonly program: string;
}

/** The first word of every `command` list, wherever it stands: in Pods, templates, probes and hooks. */
function commandsIn(value: unknown, path: Path): ContainerProgram[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const below = [...path, Array.isArray(value) ? Number(name) : name];
    if (name === "command" && Array.isArray(item) && typeof item[0] === "string") {
      return [{ path: [...below, 0], program: item[0] }];
    }
    return commandsIn(item, below);
  });
}
