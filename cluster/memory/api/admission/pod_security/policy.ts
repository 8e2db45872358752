/**
 * Which Pod Security Standard a namespace asks for, by its labels.
 *
 * Source: `k8s.io/pod-security-admission/api`.
 */
import { type FieldError, invalid } from "../../../kinds/field_error.ts";

export type Level = "privileged" | "baseline" | "restricted";

const LEVELS: readonly Level[] = ["privileged", "baseline", "restricted"];

export interface LevelVersion {
  readonly level: Level;
  /** "latest" or a minor version of Kubernetes 1. */
  readonly version: "latest" | number;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
}

const PRIVILEGED: LevelVersion = { level: "privileged", version: "latest" };

/** "restricted:latest", "baseline:v1.30" */
export function describeLevel({ level, version }: LevelVersion): string {
  return `${level}:${version === "latest" ? version : `v1.${version}`}`;
}

export function sameLevel(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.version === b.version;
}

/** Below zero when `a` allows more than `b`. */
export function compareLevels(a: Level, b: Level): number {
  return LEVELS.indexOf(a) - LEVELS.indexOf(b);
}

/**
 * The policy that a namespace's labels ask for. Labels that cannot be read count as the strictest level for enforce and
 * as none for warn, and are told as errors.
 */
export function policyOf(labels: Readonly<Record<string, string>> = {}): { policy: Policy; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const enforce = readMode("enforce", labels, "restricted", errors);
  // The audit mode has no effect here beyond its labels being checked: nothing keeps an audit log.
  readMode("audit", labels, "privileged", errors);
  let warn = readMode("warn", labels, "privileged", errors);
  const prefix = "pod-security.kubernetes.io/";
  const enforceIsValid = LEVELS.includes(labels[`${prefix}enforce`] as Level);
  if (
    labels[`${prefix}warn`] === undefined && enforceIsValid && compareLevels(enforce.level, warn.level) > 0
  ) {
    const version = labels[`${prefix}warn-version`] === undefined ? enforce.version : warn.version;
    warn = { level: enforce.level, version };
  }
  return { policy: { enforce, warn }, errors };
}

function readMode(
  mode: "enforce" | "audit" | "warn",
  labels: Readonly<Record<string, string>>,
  onError: Level,
  errors: FieldError[],
): LevelVersion {
  let { level, version } = PRIVILEGED;
  const levelLabel = `pod-security.kubernetes.io/${mode}`;
  const asked = labels[levelLabel];
  if (asked !== undefined) {
    level = LEVELS.includes(asked as Level) ? asked as Level : onError;
    if (level !== asked) {
      errors.push(invalid(`metadata.labels[${levelLabel}]`, asked, `must be one of ${LEVELS.join(", ")}`));
    }
  }
  const versionLabel = `${levelLabel}-version`;
  const askedVersion = labels[versionLabel];
  if (askedVersion !== undefined && askedVersion !== "latest") {
    const minor = /^v1\.(0|[1-9][0-9]*)$/.exec(askedVersion)?.[1];
    if (minor === undefined) {
      errors.push(invalid(`metadata.labels[${versionLabel}]`, askedVersion, `must be "latest" or "v1.x"`));
    } else version = Number(minor);
  }
  return { level, version };
}
