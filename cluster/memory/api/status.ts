/**
 * The errors of the API: a Status with the reason, code, message and causes that Kubernetes gives.
 *
 * Source: `k8s.io/apimachinery/pkg/api/errors/errors.go`.
 */
import type { FieldError } from "../kinds/field_error.ts";
import type { Status, StatusDetails } from "../kinds/schema/types.ts";

/** Thrown anywhere in the API; the server answers with its status, controllers look at its reason. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  constructor(readonly status: Status) {
    super(status.message);
  }
  get reason(): string {
    return this.status.reason ?? "";
  }
  get code(): number {
    return this.status.code ?? 500;
  }
}

/** What an error is about, as Status.details names it. */
export interface Resource {
  readonly group: string;
  /** The plural, "deployments"; for `invalid` the kind, "Deployment". */
  readonly name: string;
}

const qualified = ({ group, name }: Resource) => group === "" ? name : `${name}.${group}`;

export function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...reason === "" ? {} : { reason },
    ...details === undefined ? {} : { details },
    code,
  });
}

/** Status.details, without the fields that are empty. */
function details(resource: Resource, name: string, more: Partial<StatusDetails> = {}): StatusDetails {
  return {
    ...name === "" ? {} : { name },
    ...resource.group === "" ? {} : { group: resource.group },
    ...resource.name === "" ? {} : { kind: resource.name },
    ...more,
  };
}

export const notFound = (resource: Resource, name: string): StatusError =>
  failure(404, "NotFound", `${qualified(resource)} ${JSON.stringify(name)} not found`, details(resource, name));

export const alreadyExists = (resource: Resource, name: string): StatusError =>
  failure(
    409,
    "AlreadyExists",
    `${qualified(resource)} ${JSON.stringify(name)} already exists`,
    details(resource, name),
  );

export const conflict = (resource: Resource, name: string, why: string): StatusError =>
  failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${why}`,
    details(resource, name),
  );

/** The conflict of a write that was prepared from an older state. */
export const modified = (resource: Resource, name: string): StatusError =>
  conflict(
    resource,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

export const forbidden = (resource: Resource, name: string, why: string): StatusError => {
  const subject = resource.name === ""
    ? "forbidden"
    : `${qualified(resource)} ${name === "" ? "" : `${JSON.stringify(name)} `}is forbidden`;
  return failure(403, "Forbidden", `${subject}: ${why}`, details(resource, name));
};

export const badRequest = (message: string): StatusError => failure(400, "BadRequest", message);

export const unauthorized = (message = "Unauthorized"): StatusError => failure(401, "Unauthorized", message);

export const methodNotSupported = (resource: Resource, action: string): StatusError =>
  failure(
    405,
    "MethodNotAllowed",
    `${action} is not supported on resources of kind ${JSON.stringify(qualified(resource))}`,
    details(resource, ""),
  );

export const expired = (message: string): StatusError => failure(410, "Expired", message);

export const tooManyRequests = (message: string, retryAfterSeconds: number): StatusError =>
  failure(429, "TooManyRequests", message, retryAfterSeconds > 0 ? { retryAfterSeconds } : {});

export const internalError = (message: string): StatusError =>
  failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });

/**
 * The answer to an object that does not validate: every error as a cause, all in one message.
 *
 * @param kind the object's group and kind, `{ group: "apps", name: "Deployment" }`
 */
export function invalid(kind: Resource, name: string, errors: readonly FieldError[]): StatusError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const message = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const causes = errors.map(({ type, message, field }) => ({ reason: type, message, field }));
  return failure(
    422,
    "Invalid",
    `${qualified(kind)} ${JSON.stringify(name)} is invalid: ${message}`,
    details(kind, name, { causes }),
  );
}
