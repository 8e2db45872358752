/** How much a ConfigMap or Secret may hold, and how much base64 text stands for. */

/** Bytes: 1 MiB. Source: MaxSecretSize of `pkg/apis/core/types.go`. */
export const LARGEST_DATA = 1024 * 1024;

/** The number of bytes that a base64 text encodes; a value can be null, which is none. */
export function base64Length(text: string | null): number {
  if (text === null) return 0;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor(text.length / 4) * 3 - padding;
}
