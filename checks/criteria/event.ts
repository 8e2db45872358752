/** `event`: something was said about an object, as `kubectl events --for` shows it. */
import type { ApiEvent } from "../api_event.ts";
import { fields, inside, oneOf, optional, string } from "../shape.ts";
import { type CriterionType, kindName } from "./criterion.ts";
import { pattern } from "./text_shape.ts";

const OWN_FIELDS = {
  event: fields({
    kind: kindName,
    /** Of any object of the kind unless said. */
    name: optional(string()),
    namespace: optional(string()),
    reason: string(),
    type: optional(oneOf("Normal", "Warning")),
    /** Found somewhere in the message. */
    message: optional(pattern),
  }),
};

export const event: CriterionType = {
  keyword: "event",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { kind, name, namespace, reason, type, message } = reading.event;
    const said = inside(inside(place, "event"), "message").value;
    const target = {
      apiVersion: "v1",
      kind,
      ...name === undefined ? {} : { name },
      ...namespace === undefined ? {} : { namespace },
    };
    return {
      targets: [target],
      async evaluate(scope) {
        const events = await scope.objects.list({
          apiVersion: "v1",
          kind: "Event",
          namespace: namespace ?? scope.namespace,
        }) as readonly ApiEvent[];
        const told = events.some((one) =>
          one.involvedObject.kind === kind && (name === undefined || one.involvedObject.name === name) &&
          one.reason === reason && (type === undefined || one.type === type) &&
          (message === undefined || message.test(one.message ?? ""))
        );
        return told ? [] : [{
          subject: name === undefined ? kind : `${kind} ${name}`,
          note: {
            en: `has no event ${reason}${said === undefined ? "" : ` that says /${said}/`}`,
            ko: `${reason} 이벤트가 없습니다${said === undefined ? "" : ` (메시지 /${said}/)`}`,
          },
        }];
      },
    };
  },
};
