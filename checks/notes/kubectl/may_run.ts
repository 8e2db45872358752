/** Which kubectl commands of a note may run, and why the others are only read. */
import type { Text } from "../../../cluster/text.ts";
import type { KubectlCommand } from "./command_line.ts";
import { commandAt } from "./facts.ts";

/** Commands that only talk to the API server. What is not here is never run. */
const RUNNABLE = new Set([
  "annotate",
  "api-resources",
  "api-versions",
  "apply",
  "auth can-i",
  "auth whoami",
  "autoscale",
  "cluster-info",
  ...["config current-context", "config delete-context", "config get-contexts", "config rename-context"],
  ...["config set-context", "config use-context", "config view"],
  "cordon",
  "create",
  "delete",
  "describe",
  "drain",
  "events",
  "exec",
  "explain",
  "expose",
  "get",
  "label",
  "logs",
  "patch",
  "replace",
  "rollout",
  "run",
  "scale",
  "set",
  "taint",
  "top",
  "uncordon",
  "version",
  "wait",
]);

/** Flags that wait for a person or for ever, or that lead to another cluster, to other credentials or out of the folder. */
const FORBIDDEN = new Set(
  ("attach cache-dir certificate-authority client-certificate client-key cluster context edit editor " +
    "follow insecure-skip-tls-verify interactive kubeconfig kuberc kustomize leave-stdin-open output-directory " +
    "password profile profile-output raw server stdin template tls-server-name token tty user username v vmodule " +
    "watch watch-only").split(" "),
);

/** Flags whose values are files. */
const FILES = ["filename", "from-file", "from-env-file", "patch-file", "cert", "key"];

const WHY = {
  endless: {
    en: "it waits for a person, has no end, or is a program of its own",
    ko: "사람의 입력을 기다리거나 끝나지 않거나 별도의 프로그램입니다",
  },
  elsewhere: {
    en: "it reaches for another cluster, other credentials or outside of the note's folder",
    ko: "다른 클러스터나 인증 정보, 노트 폴더 밖의 파일을 사용합니다",
  },
  placeholder: { en: "it holds a placeholder or a variable", ko: "자리표시자나 변수가 들어 있습니다" },
} satisfies Readonly<Record<string, Text>>;

/** Why a command is not run that reads what the note does not show. */
export const UNKNOWN_INPUT: Text = {
  en: "what it reads is not in the note",
  ko: "입력으로 읽는 내용이 노트에 없습니다",
};

export const missingFile = (name: string): Text => ({
  en: `the note does not show the file ${name}`,
  ko: `파일 ${name}의 내용이 노트에 없습니다`,
});

export interface RunSituation {
  /** The files that the note gives, by their names. */
  readonly files: ReadonlyMap<string, unknown>;
  /** What a pipe or heredoc feeds the command. */
  readonly stdin: string | undefined;
  /** Some word cannot be known. */
  readonly open: boolean;
}

/** Why a command is only read; undefined when it may run. */
export function whyNotRun(command: KubectlCommand, { files, stdin, open }: RunSituation): Text | undefined {
  const { path, flags, args } = command;
  if (open) return WHY.placeholder;
  if (!RUNNABLE.has(path) && !RUNNABLE.has(path.split(" ")[0])) return WHY.endless;
  if (path === "cluster-info dump" || path === "create token") return WHY.endless;
  for (const [flag, values] of flags) {
    if (flag === "raw" && (path === "get" || path === "config view")) continue;
    // A binding's user is nobody's credentials; the sandbox puts its own in the place of a context's.
    if (/^(cluster|user)$/.test(flag) && Object.hasOwn(commandAt(path)?.flags ?? {}, flag)) continue;
    if (FORBIDDEN.has(flag) && !values.every((value) => value === "false")) {
      return /^(attach|edit|follow|interactive|stdin|tty|watch|watch-only|leave-stdin-open)$/.test(flag)
        ? WHY.endless
        : WHY.elsewhere;
    }
    if (flag === "output" && values.some((value) => /-file=/.test(value))) return WHY.elsewhere;
    if (!FILES.includes(flag) && flag !== "raw" && values.some(isOutside)) return WHY.elsewhere;
  }
  if (args.some(isOutside)) return WHY.elsewhere;
  for (const flag of FILES) {
    for (const value of flags.get(flag) ?? []) {
      const refused = whyNotFile(flag, value, files, stdin);
      if (refused !== undefined) return refused;
    }
  }
  return undefined;
}

function whyNotFile(flag: string, value: string, files: RunSituation["files"], stdin?: string): Text | undefined {
  if (flag === "filename" && value === "-") return stdin === undefined ? UNKNOWN_INPUT : undefined;
  for (const part of value.split(",")) {
    const name = fileName(flag === "from-file" ? part.replace(/^[^=]*=/, "") : part);
    if (isOutside(name) || name.includes("/") || name.includes("\\")) return WHY.elsewhere;
    if (!files.has(name)) return missingFile(name);
  }
  return undefined;
}

/** "./web.yaml" is web.yaml. */
export const fileName = (path: string): string => path.replace(/^(\.\/)+/, "");

const isOutside = (word: string): boolean =>
  /^[/~\\]|^[A-Za-z]:[\\/]|(^|[/\\=])\.\.([/\\]|$)|:\/\//.test(word) || word.startsWith("@");
