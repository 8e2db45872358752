/** @see managerName */
const LONGEST_NAME = 128;

/**
 * Who a write is by: the request's fieldManager, or the first part of its User-Agent ("kubectl" of "kubectl/v1.36.0").
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/create.go` (managerOrUserAgent).
 */
export function managerName(fieldManager: string | undefined, userAgent: string | undefined): string {
  if (fieldManager !== undefined && fieldManager !== "") return fieldManager;
  const encoder = new TextEncoder();
  let name = "";
  let bytes = 0;
  for (const character of (userAgent ?? "").split("/")[0]) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) continue;
    bytes += encoder.encode(character).length;
    if (bytes > LONGEST_NAME) break;
    name += character;
  }
  return name;
}
