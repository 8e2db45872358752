import { otherKinds } from "../../cluster/memory/kinds/others.ts";
import { fuzzKind } from "./fuzz_kind.ts";

/** Those that are more than a question; a CustomResourceDefinition has tests of its own. */
for (const kind of otherKinds) {
  if (kind.verbs === undefined && kind.kind !== "CustomResourceDefinition") fuzzKind(kind);
}
