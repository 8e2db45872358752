/** Explains values of another form than their field's: text for a number, a map for a list, plain text for base64. */
import type { Path } from "../../yaml.ts";
import type { Finding } from "../finding.ts";
import { misshapenQuantity, shapeOfKind } from "../schema_search.ts";
import type { NoteDocument } from "../yaml_documents.ts";
import { describe, valueAt } from "./paths.ts";

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

/** Nothing where the value is a placeholder: `replicas: <n>`. */
export function wrongType(message: string, document: NoteDocument): Finding[] {
  if (/quantities must match/.test(message)) return [wrongQuantity(message, document)];
  const json = /cannot unmarshal (\w+) into Go (?:struct field \w+\.([\w.-]+)|value) of type ([^\s"]+)/.exec(message);
  const path = json?.[2] === undefined ? [] : withIndices(json[2].split("."), document.value, json[1]);
  const wanted = GO_TYPES.find(([pattern]) => pattern.test(json?.[3] ?? ""));
  const value = path.length === 0 ? undefined : valueAt(document.value, path);
  if (typeof value === "string" && /<[^<>]+>|\$\{?\w+|^x+$/.test(value)) return [];
  return [{
    ...document.locate(path),
    rule: "wrong-type",
    severity: "error",
    message,
    explanation: wanted === undefined
      ? { en: "The value has another form than the field takes.", ko: "값의 형식이 필드가 받는 형식과 다릅니다." }
      : { en: `${describe(path)} takes ${wanted[1]}.`, ko: `${describe(path)}에 쓸 수 있는 값: ${wanted[2]}.` },
    ...unquoted(value, json, document, path),
  }];
}

/** A number in quotes is mended by taking them off. */
function unquoted(value: unknown, json: RegExpExecArray | null, document: NoteDocument, path: Path) {
  if (json?.[1] !== "string" || typeof value !== "string" || !/^(\d+|true|false)$/.test(value)) return {};
  const place = document.locate(path);
  const at = document.lines.find(({ line }) => line === place.line);
  const written = at?.text.slice(place.column - at.column);
  if (written === undefined || !/^(["'])/.test(written)) return {};
  return {
    mend: {
      text: { en: `Write ${value} without quotes.`, ko: `따옴표 없이 쓰세요: ${value}` },
      edit: { ...place, length: value.length + 2, replacement: value },
    },
  };
}

/** The server does not say which quantity it means. */
function wrongQuantity(message: string, document: NoteDocument): Finding {
  const { apiVersion, kind } = document.value as { apiVersion: string; kind: string };
  const root = shapeOfKind(apiVersion, kind);
  const path = root === undefined ? undefined : misshapenQuantity(root, document.value);
  return {
    ...path === undefined ? document.locateKey(["kind"]) : document.locate(path),
    rule: "wrong-type",
    severity: "error",
    message,
    explanation: {
      en: `${describe(path ?? [])} takes a quantity such as 500m, 128Mi or 1Gi.`,
      ko: `${describe(path ?? [])}에는 500m, 128Mi, 1Gi 같은 수량을 씁니다.`,
    },
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
export function plainSecrets(message: string, document: NoteDocument): Finding[] {
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
        ko:
          `Secret의 data에는 base64 값을 넣어야 하는데 ${key} 키의 값은 일반 텍스트입니다. 일반 텍스트는 stringData에 넣습니다.`,
      },
      mend: {
        text: {
          en: `Write ${encoded}, or use stringData.`,
          ko: `다음과 같이 쓰거나 stringData를 사용하세요: ${encoded}`,
        },
        edit: { ...place, length: text.length, replacement: encoded },
      },
    };
  });
}

/** Beside a plain text, what decodes to no text is another one: "root" is base64 by its letters only. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
    return true;
  } catch {
    return false;
  }
}
