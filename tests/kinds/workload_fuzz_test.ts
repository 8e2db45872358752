import { workloadKinds } from "../../cluster/memory/kinds/workloads.ts";
import { fuzzKind } from "./fuzz_kind.ts";

for (const kind of workloadKinds) fuzzKind(kind);
