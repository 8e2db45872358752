import { EvaluationError } from "@marcbachmann/cel-js";

/** What a library's function fails with; the message is shown as it is. */
export function failure(message: string): Error {
  return new EvaluationError({ code: "library", message });
}
