import { cel } from "../engine.ts";

/** What a library's function fails with; the message is shown as it is. */
export function failure(message: string): Error {
  return new (cel().EvaluationError)({ code: "library", message });
}
