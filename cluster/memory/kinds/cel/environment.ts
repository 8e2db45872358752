/**
 * Kubernetes' CEL: the language with optional values, and the libraries that the API server adds.
 *
 * Source: `k8s.io/apiserver/pkg/cel/environment/base.go`.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { cel } from "./engine.ts";
import { registerAuthorizer } from "./library/authorizer.ts";
import { registerJsonPatches } from "./library/json_patches.ts";
import { registerLists } from "./library/lists.ts";
import { registerNames } from "./library/names.ts";
import { registerNetwork } from "./library/network.ts";
import { registerOptionals } from "./library/optionals.ts";
import { registerQuantities } from "./library/quantities.ts";
import { registerRegex } from "./library/regex.ts";
import { registerSemver } from "./library/semver.ts";
import { registerSets } from "./library/sets.ts";
import { registerStrings } from "./library/strings.ts";
import { registerUrls } from "./library/urls.ts";

let base: Environment | undefined;

/** An environment of one's own, to declare variables in. */
export function newEnvironment(): Environment {
  if (base === undefined) {
    // Lists of several types are right where they are given to format().
    base = new (cel().Environment)({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
    const libraries = [
      registerAuthorizer,
      registerJsonPatches,
      registerLists,
      registerNames,
      registerNetwork,
      registerOptionals,
      registerQuantities,
      registerRegex,
      registerSemver,
      registerSets,
      registerStrings,
      registerUrls,
    ];
    for (const register of libraries) register(base);
  }
  return base.clone();
}
