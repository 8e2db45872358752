/** Whether a manifest's API version has its kind, and what it should be where it does not. */
import type { Finding } from "./finding.ts";
import { didYouMean } from "./mends.ts";
import { nearest } from "../nearest.ts";
import { compareVersions } from "./kubectl/facts.ts";
import { removedVersion } from "./api_versions.ts";
import { apiVersionsOf, builtInKinds, shapeOfKind } from "./schema_search.ts";
import type { NoteDocument } from "./yaml_documents.ts";

/** Groups whose kinds are known without asking anybody; other groups are custom resources'. */
const isBuiltInGroup = (apiVersion: string): boolean =>
  !apiVersion.includes("/") || /^(apps|batch|autoscaling|policy|extensions)\//.test(apiVersion) ||
  /^[a-z.]*k8s\.io\//.test(apiVersion);

/** Groups of k8s.io that are installed and not built in. */
const INSTALLED = /^(gateway\.networking|metrics|snapshot\.storage|cluster\.x-|.*\.sigs)/;

/** What is wrong with the version or the kind, or undefined. @param about the Kubernetes version of the note */
export function checkApiVersion(document: NoteDocument, about?: string): Finding | undefined {
  const { apiVersion, kind } = document.value as { apiVersion?: unknown; kind: string };
  if (typeof apiVersion !== "string" || apiVersion === "") return missing(document, kind);
  if (shapeOfKind(apiVersion, kind) !== undefined) return undefined;
  const removed = removedVersion(apiVersion, kind);
  if (removed !== undefined) {
    // A note about an older version is right, and will not stay so.
    const served = about !== undefined && compareVersions(about, removed.removed) < 0;
    const { rule, severity } = served
      ? { rule: "other-version", severity: "warning" } as const
      : { rule: "api-version", severity: "error" } as const;
    return { ...gone(document, apiVersion, kind, removed), rule, severity };
  }
  if (!isBuiltInGroup(apiVersion) || INSTALLED.test(apiVersion) || /v\d+(alpha|beta)\d+$/.test(apiVersion)) {
    return undefined;
  }
  const right = apiVersionsOf(kind);
  const message = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
  if (right.length > 0) {
    return {
      ...document.locate(["apiVersion"]),
      rule: "api-version",
      severity: "error",
      message,
      explanation: {
        en: `${kind} belongs to the API ${right.join(" or ")}.`,
        ko: `${kind}의 API 버전은 ${right.join(" 또는 ")}입니다.`,
      },
      mend: mendVersion(document, apiVersion, right[0]),
    };
  }
  const meant = nearest(kind, builtInKinds());
  if (meant === undefined) return undefined;
  const place = document.locate(["kind"]);
  return {
    ...place,
    rule: "api-version",
    severity: "error",
    message,
    explanation: { en: `There is no kind ${kind}.`, ko: `${kind} 종류는 없습니다.` },
    mend: didYouMean(meant, { ...place, length: kind.length }),
  };
}

function missing(document: NoteDocument, kind: string): Finding | undefined {
  const right = apiVersionsOf(kind);
  // Without a version, only a kind that Kubernetes has is sure to be meant as a manifest.
  if (right.length === 0 || document.partial) return undefined;
  return {
    ...document.locateKey(["kind"]),
    rule: "api-version",
    severity: "error",
    message: "error validating data: apiVersion not set",
    explanation: { en: "A manifest says its apiVersion.", ko: "매니페스트에는 apiVersion이 있어야 합니다." },
    mend: { text: { en: `Add apiVersion: ${right[0]}`, ko: `apiVersion: ${right[0]} 줄을 넣으세요.` } },
  };
}

function gone(
  document: NoteDocument,
  apiVersion: string,
  kind: string,
  { removed, successor }: { readonly removed: string; readonly successor: string },
): Finding {
  const base = {
    ...document.locate(["apiVersion"]),
    rule: "api-version",
    severity: "error",
    message: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
  } as const;
  if (successor === "") {
    return {
      ...base,
      explanation: {
        en: `Kubernetes ${removed} removed ${kind} without a successor.`,
        ko: `${kind} 종류는 쿠버네티스 ${removed}에서 대체 없이 제거되었습니다.`,
      },
    };
  }
  return {
    ...base,
    explanation: {
      en: `Kubernetes ${removed} stopped serving ${apiVersion} ${kind}; it is in ${successor} now.`,
      ko: `${apiVersion} ${kind} 종류는 쿠버네티스 ${removed}부터 제공되지 않습니다. 지금은 ${successor}입니다.`,
    },
    mend: mendVersion(document, apiVersion, successor),
  };
}

function mendVersion(document: NoteDocument, apiVersion: string, right: string) {
  return {
    text: { en: `Write apiVersion: ${right}`, ko: `다음과 같이 고치세요: apiVersion: ${right}` },
    edit: { ...document.locate(["apiVersion"]), length: apiVersion.length, replacement: right },
  };
}
