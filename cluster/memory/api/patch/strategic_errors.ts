import { failure, type StatusError } from "../status.ts";

/** The API server has no code of its own for a strategic merge patch that cannot be applied: it answers 500. */
export function impossible(message: string): StatusError {
  return failure(500, "", message);
}
