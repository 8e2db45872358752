/** Turns what the server refused into findings: the field's place in the note, plain words, the mend. */
import type { ApiError } from "../../cluster/cluster.ts";
import type { Path } from "../yaml.ts";
import { parseFieldPath } from "./field_path.ts";
import type { Finding, Mend } from "./finding.ts";
import { fits, misspelt, rightPlace, shapeAt, shapeOfKind } from "./schema_search.ts";
import type { NoteDocument } from "./yaml_documents.ts";

export function explain(error: ApiError, document: NoteDocument): Finding[] {
  const strict = /strict decoding error: (.*)$/s.exec(error.message)?.[1];
  if (strict !== undefined) return strictErrors(strict, document);
  const type = /(?:json|unmarshal|decod|cannot be handled)/i.test(error.message) && error.code === 400;
  if (/illegal base64 data/.test(error.message)) return plainSecrets(error.message, document);
  if (type) return [wrongType(error.message, document)];
  if (error.code === 422 && error.causes.length > 0) {
    return error.causes
      .filter(({ field = "" }) => !(document.partial && isMissing(error, field)) && !isPlaceholder(document, field))
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

function strictErrors(text: string, document: NoteDocument): Finding[] {
  const found: Finding[] = [];
  for (const [, what, field] of text.matchAll(/(unknown|duplicate) field "([^"]+)"/g)) {
    const path = parseFieldPath(field);
    const message = `${what} field ${JSON.stringify(field)}`;
    const place = document.locateKey(path);
    if (what === "duplicate") {
      found.push({
        ...place,
        rule: "duplicate-field",
        severity: "error",
        message,
        explanation: {
          en: `${String(path.at(-1))} stands twice here; only the last one would count.`,
          ko: `${String(path.at(-1))}이(가) 두 번 나옵니다. 마지막 것만 적용됩니다.`,
        },
      });
    } else found.push({ ...place, rule: "unknown-field", severity: "error", message, ...unknownField(path, document) });
  }
  return found;
}

function unknownField(path: Path, document: NoteDocument): Pick<Finding, "explanation" | "mend"> {
  const name = String(path.at(-1));
  const { apiVersion, kind } = document.value as { apiVersion: string; kind: string };
  const root = shapeOfKind(apiVersion, kind);
  const parent = path.length === 1 ? kind : describe(path.slice(0, -1));
  const plain = { en: `${parent} has no field ${name}.`, ko: `${parent}에는 ${name} 필드가 없습니다.` };
  if (root === undefined) return { explanation: plain };
  const value = valueAt(document.value, path);
  const meant = misspelt(root, path);
  if (meant !== undefined && fits(shapeAt(root, [...path.slice(0, -1), meant])!, value)) {
    return { explanation: plain, mend: rename(document, path, name, meant) };
  }
  const place = rightPlace(root, path, value);
  if (place === undefined) return { explanation: plain };
  const right = describe(place);
  return {
    explanation: {
      en: `${name} stands at the wrong depth: it belongs at ${right}.`,
      ko: `${name}의 들여쓰기가 잘못되었습니다. ${right} 위치에 있어야 합니다.`,
    },
    mend: {
      text: {
        en: `Indent ${name} so that it is ${right}.`,
        ko: `${name}이(가) ${right}가 되도록 들여쓰기를 고치세요.`,
      },
    },
  };
}

function rename(document: NoteDocument, path: Path, name: string, meant: string): Mend {
  return {
    text: { en: `Write ${meant}.`, ko: `${meant}로 고치세요.` },
    edit: { ...document.locateKey(path), length: name.length, replacement: meant },
  };
}

const GO_TYPES: readonly (readonly [RegExp, string, string])[] = [
  [/^\[\]/, "a list (each item after a dash)", "목록(항목마다 앞에 - 를 붙임)"],
  [/^map\[|^v1\.\w+List$/, "a map of names to values", "이름과 값의 맵"],
  [/^u?int|^float/, "a number", "숫자"],
  [/^bool/, "true or false", "true 또는 false"],
  [
    /^string|^v1\.[A-Z]\w*(Type|Policy|Mode|Protocol|Name)$/,
    "text (in quotes where it looks like a number)",
    "문자열(숫자처럼 보이면 따옴표로 감쌈)",
  ],
];

function wrongType(message: string, document: NoteDocument): Finding {
  const json = /cannot unmarshal (\w+) into Go (?:struct field \w+\.([\w.-]+)|value) of type ([^\s"]+)/.exec(message);
  const path = json?.[2] === undefined ? [] : withIndices(json[2].split("."), document.value, json[1]);
  const wanted = GO_TYPES.find(([pattern]) => pattern.test(json?.[3] ?? ""));
  return {
    ...document.locate(path),
    rule: "wrong-type",
    severity: "error",
    message,
    explanation: wanted === undefined
      ? { en: "The value has another form than the field takes.", ko: "값의 형식이 필드가 받는 형식과 다릅니다." }
      : { en: `${describe(path)} takes ${wanted[1]}.`, ko: `${describe(path)}에는 ${wanted[2]}이(가) 와야 합니다.` },
  };
}

/** Go's path has no indices: the first item whose value has the wrong form is meant. */
function withIndices(names: readonly string[], value: unknown, found: string): Path {
  if (names.length === 0) return [];
  if (Array.isArray(value)) {
    const candidates = value.map((item, i) => [i, ...withIndices(names, item, found)] as Path);
    return candidates.find((path) => isOfType(valueAt(value, path), found)) ?? candidates[0] ?? [];
  }
  const [name, ...rest] = names;
  const below = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return [name, ...withIndices(rest, below, found)];
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  const form: string = typeof value;
  return form === (type === "bool" ? "boolean" : type);
}

/** A Secret's `data` that is not base64: the server names one value, and all of them are to be mended. */
function plainSecrets(message: string, document: NoteDocument): Finding[] {
  const { data = {} } = document.value as { data?: Readonly<Record<string, unknown>> };
  return Object.entries(data).filter(([, value]) => !isBase64(String(value))).map(([key, value]) => {
    const text = String(value);
    const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const place = document.locate(["data", key]);
    return {
      ...place,
      rule: "wrong-type",
      severity: "error",
      message,
      explanation: {
        en: `A Secret's data is base64; ${key} is plain text. Plain text goes under stringData.`,
        ko: `Secret의 data는 base64여야 하는데 ${key}은(는) 일반 텍스트입니다. 일반 텍스트는 stringData에 넣습니다.`,
      },
      mend: {
        text: { en: `Write ${encoded}, or use stringData.`, ko: `${encoded}로 쓰거나 stringData를 사용하세요.` },
        edit: { ...place, length: text.length, replacement: encoded },
      },
    };
  });
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
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
    return { ...base, explanation: { en: `${name} must be given.`, ko: `${name}을(를) 반드시 지정해야 합니다.` } };
  }
  const supported = /supported values: (.*)$/.exec(message)?.[1];
  if (supported !== undefined) {
    return {
      ...base,
      explanation: {
        en: `${name} takes one of ${supported}.`,
        ko: `${name}에는 ${supported} 중 하나를 쓸 수 있습니다.`,
      },
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

function describe(path: Path): string {
  return path.reduce<string>(
    (text, step) => typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
    "",
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (current, step) => (current as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}
