/** Selectors of nodes as they were stored before their values were checked. */
import { labelValue } from "./names.ts";
import type { NodeSelector } from "./schema/types.ts";

/** Whether some expression has a value that no label can have: then an update may keep it. */
export const hasInvalidNodeSelectorValue = (selector: NodeSelector | undefined): boolean =>
  selector?.nodeSelectorTerms?.some(({ matchExpressions = [] }) =>
    matchExpressions.some(({ values = [] }) => values.some((value) => labelValue(value).length > 0))
  ) ?? false;
