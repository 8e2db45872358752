/** `condition`: a condition in an object's status has a value, as `kubectl wait --for=condition=…` asks. */
import { fields, oneOf, optional, string } from "../shape.ts";
import { apiVersion, type CriterionType, kindName, ofObject } from "./criterion.ts";

const OWN_FIELDS = {
  condition: fields({
    apiVersion,
    kind: kindName,
    name: string(),
    namespace: optional(string()),
    type: string(),
    /** "True" unless said. */
    status: optional(oneOf("True", "False", "Unknown")),
    reason: optional(string()),
  }),
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

export const condition: CriterionType = {
  keyword: "condition",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { type, status: wanted = "True", reason, ...target } = reading.condition;
    return ofObject(target, (found, subject) => {
      const status = found.status as { readonly conditions?: readonly Condition[] } | undefined;
      const now = status?.conditions?.find((one) => one.type === type);
      const path = `status.conditions[type=${type}]`;
      return [
        ...now?.status === wanted ? [] : [{ subject, path: `${path}.status`, is: now?.status, should: wanted }],
        ...reason === undefined || now?.reason === reason
          ? []
          : [{ subject, path: `${path}.reason`, is: now?.reason, should: reason }],
      ];
    });
  },
};
