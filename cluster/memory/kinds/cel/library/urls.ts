/** URLs. Source: `k8s.io/apiserver/pkg/cel/library/urls.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { failure } from "./failure.ts";

/** The parts of an absolute URI or an absolute path, as they are written. */
class CelUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(readonly text: string) {
    const parts = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:[^/?#]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/
      .exec(text);
    const isAbsolute = parts !== null && (parts[1] !== undefined || text.startsWith("/"));
    if (!isAbsolute || hasControl(text) || /%(?![0-9a-fA-F]{2})/.test(parts[3])) {
      throw failure(
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      );
    }
    this.scheme = (parts[1] ?? "").toLowerCase();
    this.host = parts[2] ?? "";
    this.path = parts[3];
    this.query = parts[4] ?? "";
  }
  get port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? "";
  }
  get hostname(): string {
    return this.host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  }
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character <= " " || character === "\x7f");
}

function queryOf({ query }: CelUrl): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...values.get(name) ?? [], value]);
  return values;
}

function isUrl(text: string): boolean {
  try {
    return new CelUrl(text) !== undefined;
  } catch {
    return false;
  }
}

export function registerUrls(environment: Environment): void {
  const TYPE = "kubernetes.URL";
  environment.registerType(TYPE, CelUrl);
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  define(`url(string): ${TYPE}`, (text: string) => new CelUrl(text));
  define("isURL(string): bool", isUrl);
  define(`${TYPE}.getScheme(): string`, ({ scheme }: CelUrl) => scheme);
  define(`${TYPE}.getHost(): string`, ({ host }: CelUrl) => host);
  define(`${TYPE}.getHostname(): string`, ({ hostname }: CelUrl) => hostname);
  define(`${TYPE}.getPort(): string`, ({ port }: CelUrl) => port);
  define(`${TYPE}.getEscapedPath(): string`, ({ path }: CelUrl) => path);
  define(`${TYPE}.getQuery(): map<string, list<string>>`, queryOf);
  environment.registerOperator(`${TYPE} == ${TYPE}`, (a: CelUrl, b: CelUrl) => a.text === b.text);
}
