/** Reads how people name an object: `pod/web`, `deploy/web`. */
import { Problem } from "../cluster/problem.ts";

/**
 * @throws {Problem} for what names no object
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { objectArgument } from "./object_argument.ts";
 *
 * assert.deepEqual(objectArgument("pod/web", "dev"), { resource: "pod", name: "web", namespace: "dev" });
 * ```
 */
export function objectArgument(text: string, namespace = "default") {
  const [resource, name, ...rest] = text.split("/");
  if (resource !== "" && name && rest.length === 0) return { resource, name, namespace };
  throw new Problem("usage", {
    en: `${text} names no object: write it as pod/NAME.`,
    ko: `오브젝트는 pod/이름 형식으로 쓰세요. 입력한 값: ${text}`,
  });
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "+6m", "1h30m", "90s" in milliseconds; undefined for what is no duration. */
export function durationArgument(text: string): number | undefined {
  const parts = /^\+?((?:\d+[smhd])+)$/.exec(text)?.[1].match(/\d+[smhd]/g);
  return parts?.reduce((sum, part) => sum + Number(part.slice(0, -1)) * UNITS[part.slice(-1)], 0);
}
