/** Whose small programs an image has: those of GNU, or busybox's. They say of the same failure different things. */
import type { Machine } from "../machine.ts";

/** Distributions that come with GNU's programs, by their ids in /etc/os-release. */
const WITH_GNU = /^ID(_LIKE)?="?(.* )?(debian|ubuntu|fedora|rhel|ol)\b/m;

export const hasGnuPrograms = ({ config: { image } }: Machine): boolean => WITH_GNU.test(image.os ?? "");

/** What a shell says of a program that is not there: dash and bash name the line. */
export function notFoundText(machine: Machine, shell: string, name: string): string {
  if (shell === "bash") return `bash: line 1: ${name}: command not found`;
  return hasGnuPrograms(machine) ? `${shell}: 1: ${name}: not found` : `${shell}: ${name}: not found`;
}
