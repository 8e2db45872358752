/** Paths inside volumes and containers. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, invalid } from "../../../field_error.ts";

/** Errors of a path that leads upwards. */
export const noBacksteps = (value: string, path: string): FieldError[] =>
  value.split("/").includes("..") ? [invalid(path, value, "must not contain '..'")] : [];

/** Errors of a path that must lead down from where it is used. */
export const descendingPath = (value: string, path: string): FieldError[] => [
  ...value.startsWith("/") ? [invalid(path, value, "must be a relative path")] : [],
  ...noBacksteps(value, path),
];

/** Errors of the path of a file in a volume: names that begin with ".." belong to the kubelet. */
export const filePath = (value: string, path: string): FieldError[] => [
  ...descendingPath(value, path),
  ...value.startsWith("..") && !value.startsWith("../") ? [invalid(path, value, "must not start with '..'")] : [],
];

/** Errors of a path on the node: it may be absolute. */
export const hostPath = noBacksteps;
export const validateTokenPath = filePath;

const FILE_MODE_TEXT = "must be a number between 0 and 0777 (octal), both inclusive";

/** Errors of a file's permissions. */
export const fileMode = (mode: number | undefined, path: string): FieldError[] =>
  mode !== undefined && mode !== null && (mode > 0o777 || mode < 0) ? [invalid(path, mode, FILE_MODE_TEXT)] : [];
