/** Versions. Source: `k8s.io/apiserver/pkg/cel/library/semverlib.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { failure } from "./failure.ts";

const PATTERN = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

class Semver {
  constructor(readonly numbers: readonly bigint[], readonly prerelease: readonly string[]) {}
}

function parse(text: string, lenient = false): Semver | undefined {
  const [, major, minor, patch, pre] = PATTERN.exec(lenient ? completed(text) : text) ?? [];
  if (major === undefined) return undefined;
  return new Semver([major, minor, patch].map(BigInt), pre === undefined ? [] : pre.split("."));
}

/** "v1.2" and "01.2.3" as people write them. */
function completed(text: string): string {
  const [numbers, ...rest] = text.replace(/^v/, "").split(/(?=[-+])/);
  const parts = numbers.split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
  while (parts.length < 3) parts.push("0");
  return parts.join(".") + rest.join("");
}

function made(text: string, lenient = false): Semver {
  const version = parse(text, lenient);
  if (version === undefined) throw failure(`Invalid character(s) found in version ${JSON.stringify(text)}`);
  return version;
}

/** A version as expressions see it. @throws what an expression fails with */
export const celSemver = (text: string): unknown => made(text);

function compare(a: Semver, b: Semver): number {
  for (const [i, number] of a.numbers.entries()) if (number !== b.numbers[i]) return number < b.numbers[i] ? -1 : 1;
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (let i = 0; i < Math.max(a.prerelease.length, b.prerelease.length); i++) {
    const [left, right] = [a.prerelease[i], b.prerelease[i]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left === right) continue;
    const [isLeft, isRight] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeft && isRight) return Number(left) - Number(right);
    if (isLeft !== isRight) return isLeft ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

export function registerSemver(environment: Environment): void {
  const TYPE = "kubernetes.Semver";
  environment.registerType(TYPE, Semver);
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  define(`semver(string): ${TYPE}`, (text: string) => made(text));
  define(`semver(string, bool): ${TYPE}`, (text: string, lenient: boolean) => made(text, lenient));
  define("isSemver(string): bool", (text: string) => parse(text) !== undefined);
  define("isSemver(string, bool): bool", (text: string, lenient: boolean) => parse(text, lenient) !== undefined);
  for (const [i, name] of ["major", "minor", "patch"].entries()) {
    define(`${TYPE}.${name}(): int`, ({ numbers }: Semver) => numbers[i]);
  }
  define(`${TYPE}.isLessThan(${TYPE}): bool`, (a: Semver, b: Semver) => compare(a, b) < 0);
  define(`${TYPE}.isGreaterThan(${TYPE}): bool`, (a: Semver, b: Semver) => compare(a, b) > 0);
  define(`${TYPE}.compareTo(${TYPE}): int`, (a: Semver, b: Semver) => BigInt(Math.sign(compare(a, b))));
  environment.registerOperator(`${TYPE} == ${TYPE}`, (a: Semver, b: Semver) => compare(a, b) === 0);
}
