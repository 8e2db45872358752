/** What expressions of JSON Patches need. Source: `k8s.io/apiserver/pkg/cel/library/jsonpatch.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { registerNamespace } from "./namespace.ts";

export function registerJsonPatches(environment: Environment): void {
  registerNamespace(environment, "jsonpatch", {
    "escapeKey(string): string": (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1"),
  });
}
