/** Turns what the server refused into findings: the field's place in the note, plain words, the mend. */
import type { ApiError } from "../../../cluster/cluster.ts";
import { nearestInAnyCase } from "../../nearest.ts";
import { parseFieldPath } from "../field_path.ts";
import type { Finding, Mend } from "../finding.ts";
import { writeInstead } from "../mends.ts";
import type { NoteDocument, Place } from "../yaml_documents.ts";
import { describe, valueAt } from "./paths.ts";
import { strictErrors } from "./unknown_field.ts";
import { plainSecrets, wrongType } from "./wrong_type.ts";

/** What strict decoding refuses, where the server refused for that. */
export const strictText = ({ message }: ApiError): string | undefined =>
  /strict decoding error: (.*)$/s.exec(message)?.[1];

/** The findings of one refusal; of a strict decoding, one for each field. */
export function explain(error: ApiError, document: NoteDocument): readonly Finding[] {
  const strict = strictText(error);
  if (strict !== undefined) return strictErrors(strict, document).findings;
  const type = /(?:json|unmarshal|decod|cannot be handled)/i.test(error.message) && error.code === 400;
  if (/illegal base64 data/.test(error.message)) return plainSecrets(error.message, document);
  if (type) return wrongType(error.message, document);
  if (error.code === 422 && error.causes.length > 0) {
    return error.causes
      .filter(({ field = "" }) => !(document.partial && isMissing(error, field)) && !isPlaceholder(document, field))
      // Notes use a port again for each of their examples.
      .filter(({ message = "" }) => !/already allocated/.test(message))
      // Without a selector, nothing can match it.
      .filter(({ message = "" }) => !(/does not match template/.test(message) && isMissing(error, "spec.selector")))
      .map(({ field = "", message = "" }) => invalidValue(field, message, document));
  }
  return [refused(error, document)];
}

/** `<파드명>` stands for a value that the server would take. */
function isPlaceholder({ value }: NoteDocument, field: string): boolean {
  const found = valueAt(value, parseFieldPath(field));
  return typeof found === "string" && /<[^<>]+>|\$\{?\w+/.test(found);
}

/** What a partial document leaves out is no mistake. */
function isMissing({ causes }: ApiError, field: string): boolean {
  return causes.some((cause) => cause.field === field && (cause.message ?? "").startsWith("Required value"));
}

function invalidValue(field: string, message: string, document: NoteDocument): Finding {
  const path = parseFieldPath(field);
  const name = describe(path);
  const base = {
    ...document.locate(path),
    rule: "invalid-value",
    severity: "error",
    message: `${field}: ${message}`,
  } as const;
  if (message.startsWith("Required value")) {
    return { ...base, explanation: { en: `${name} must be given.`, ko: `${name} 필드를 반드시 지정해야 합니다.` } };
  }
  const supported = /supported values: (.*)$/.exec(message)?.[1];
  if (supported !== undefined) {
    return {
      ...base,
      explanation: {
        en: `${name} takes one of ${supported}.`,
        ko: `${name}에는 ${supported} 중 하나를 쓸 수 있습니다.`,
      },
      ...mendOf(valueAt(document.value, path), supported, base),
    };
  }
  return {
    ...base,
    explanation: {
      en: `The server does not take this value of ${name}.`,
      ko: `서버가 ${name}의 이 값을 받지 않습니다.`,
    },
  };
}

/** Refused for what else is there (a quota, a missing object): true here, and perhaps not where the note is used. */
function refused(error: ApiError, document: NoteDocument): Finding {
  return {
    ...document.locateKey(["kind"]),
    rule: "refused",
    severity: "warning",
    message: error.message,
    explanation: {
      en: "The server refuses this after what the note has made so far.",
      ko: "노트에서 지금까지 만든 것들 때문에 서버가 이 오브젝트를 거부합니다.",
    },
  };
}

/** The supported value that was probably meant. @param supported `"Always", "OnFailure"` */
function mendOf(value: unknown, supported: string, { line, column }: Place): { readonly mend?: Mend } {
  if (typeof value !== "string") return {};
  const known = [...supported.matchAll(/"([^"]+)"/g)].map(([, one]) => one);
  const meant = nearestInAnyCase(value, known);
  return meant === undefined ? {} : { mend: writeInstead(meant, { line, column, length: value.length }) };
}
