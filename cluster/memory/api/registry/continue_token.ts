/**
 * Where the next page of a list begins.
 *
 * Source: `k8s.io/apiserver/pkg/storage/continue.go`.
 */
import { syntaxError } from "../decode/json_syntax.ts";
import { badRequest } from "../status.ts";

export interface ContinueToken {
  /** The revision of the first page, at which the others are read; -1 for what is there now. */
  readonly revision: number;
  /** The last key of the pages so far. */
  readonly after: string;
}

/** What follows a key: the next key there can be. */
const NEXT = String.fromCharCode(0);

export function encodeContinue({ revision, after }: ContinueToken): string {
  const json = JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: after + NEXT });
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws {StatusError} 400 */
export function decodeContinue(text: string): ContinueToken {
  const invalid = (why: string) => badRequest(`continue key is not valid: ${why}`);
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(
      atob(text.replaceAll("-", "+").replaceAll("_", "/")),
      (character) => character.charCodeAt(0),
    );
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  const broken = syntaxError(bytes);
  if (broken !== undefined) throw badRequest(`invalid continue token: continue key is not valid: ${broken}`);
  const token = JSON.parse(new TextDecoder().decode(bytes)) as { v?: unknown; rv?: unknown; start?: unknown };
  if (token.v !== "meta.k8s.io/v1") {
    throw invalid(`server does not recognize this encoded version ${JSON.stringify(token.v)}`);
  }
  if (typeof token.rv !== "number" || token.rv === 0) {
    throw invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  }
  if (typeof token.start !== "string" || token.start === "") {
    throw invalid("encoded start key empty (version meta.k8s.io/v1)");
  }
  const { rv: revision, start } = token;
  return { revision, after: start.endsWith(NEXT) ? start.slice(0, -1) : start };
}
