/**
 * Network questions asked from inside a container, with whatever program its image has: the first that can be run
 * answers. Images differ (busybox has wget and nc, Debian's have getent, nginx has curl), the questions do not.
 */
import { ApiError, type ContainerRef, type ExecResult, type ObjectClient } from "../../cluster/cluster.ts";
import { Problem } from "../../cluster/problem.ts";

/** A program that can answer: its command, and how its output is read. */
export interface ProbeProgram<Answer> {
  readonly command: readonly [string, ...string[]];
  read(result: ExecResult): Answer;
}

/** What shells and container runtimes exit with where a program is not there. */
const NOT_FOUND = new Set([126, 127]);

/** @throws {Problem} `unavailable`: the image has none of the programs */
export async function ask<Answer>(
  objects: ObjectClient,
  container: ContainerRef,
  programs: readonly ProbeProgram<Answer>[],
): Promise<Answer> {
  for (const { command, read } of programs) {
    try {
      const result = await objects.exec(container, command);
      if (!NOT_FOUND.has(result.exitCode)) return read(result);
    } catch (error) {
      const isMissing = error instanceof ApiError &&
        /executable file not found|no such file or directory/.test(error.message);
      if (!isMissing) throw error;
    }
  }
  const names = programs.map(({ command: [name] }) => name).join(", ");
  throw new Problem("unavailable", {
    en: `Pod ${container.name} has none of the programs that could look: ${names}.`,
    ko: `파드 ${container.name}에 확인할 때 쓸 프로그램이 하나도 없습니다: ${names}`,
  });
}

/** Seconds that a program may wait for an answer. */
const PATIENCE = "3";

export interface HttpAnswer {
  /** undefined where no HTTP answer came. */
  readonly status?: number;
  readonly body: string;
  /** What the program said where no answer came. */
  readonly said: string;
}

/** Programs that get a page. */
export function httpPrograms(url: string): readonly ProbeProgram<HttpAnswer>[] {
  return [
    {
      command: ["curl", "-sS", "-m", PATIENCE, "-w", "\n%{http_code}", url],
      read({ stdout, stderr }) {
        const end = stdout.lastIndexOf("\n");
        const status = Number(stdout.slice(end + 1));
        return { ...status > 0 ? { status } : {}, body: stdout.slice(0, Math.max(0, end)), said: lastLine(stderr) };
      },
    },
    {
      command: ["wget", "-q", "-S", "-T", PATIENCE, "-O", "-", url],
      read({ exitCode, stdout, stderr }) {
        // With redirects, the last status is the answer's.
        const status = [...stderr.matchAll(/HTTP\/[\d.]+ (\d{3})/g)].at(-1)?.[1];
        if (status !== undefined) return { status: Number(status), body: stdout, said: lastLine(stderr) };
        return { ...exitCode === 0 ? { status: 200 } : {}, body: stdout, said: lastLine(stderr) };
      },
    },
  ];
}

export interface ConnectAnswer {
  readonly connected: boolean;
  readonly said: string;
}

/** Of curl: resolving, refused, timed out. */
const CURL_UNCONNECTED = new Set([5, 6, 7, 28]);

/** Programs that open a TCP connection. */
export function connectPrograms(host: string, port: number): readonly ProbeProgram<ConnectAnswer>[] {
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
  return [
    {
      command: ["nc", "-z", "-w", PATIENCE, host, String(port)],
      read: ({ exitCode, stderr }) => ({ connected: exitCode === 0, said: lastLine(stderr) }),
    },
    {
      command: ["curl", "-sS", "-m", PATIENCE, "-o", "/dev/null", url],
      read: ({ exitCode, stderr }) => ({ connected: !CURL_UNCONNECTED.has(exitCode), said: lastLine(stderr) }),
    },
    {
      command: ["wget", "-q", "-T", PATIENCE, "-O", "/dev/null", url],
      read: ({ exitCode, stderr }) => ({
        // A server that answers with an error, or with no HTTP, was reached all the same.
        connected: exitCode === 0 || /server returned error|error getting response|HTTP\//.test(stderr),
        said: lastLine(stderr),
      }),
    },
  ];
}

/** The addresses that a name has; empty where it has none. */
export function dnsPrograms(name: string): readonly ProbeProgram<readonly string[]>[] {
  return [
    {
      command: ["nslookup", name],
      read: ({ stdout }) => {
        // What stands before is about the server that answers.
        const answer = stdout.search(/^Name:/m);
        const lines = answer < 0 ? [] : stdout.slice(answer).split("\n").filter((line) => line.startsWith("Address"));
        return addresses(lines.map((line) => line.replace(/^Address[^:]*:\s*/, "")));
      },
    },
    { command: ["getent", "ahosts", name], read: ({ stdout }) => addresses(stdout.split("\n")) },
  ];
}

const addresses = (lines: readonly string[]): readonly string[] =>
  [...new Set(lines.map((line) => line.trim().split(/\s/)[0]).filter((word) => word !== ""))].sort();

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
