/**
 * The options of requests, as their queries have them.
 *
 * Source: `k8s.io/apimachinery/pkg/apis/meta/v1` (the options types and their validation), `apis/meta/internalversion`.
 */
import {
  type FieldError,
  forbidden,
  invalid as invalidField,
  notSupported,
  required,
} from "../../kinds/field_error.ts";
import { validateFieldManager } from "../../kinds/object_meta.ts";
import type { DeleteOptions } from "../../kinds/schema/types.ts";
import type { FieldValidation } from "../decode/mod.ts";
import { badRequest, invalid } from "../status.ts";
import { isTrue } from "./request_info.ts";

const META = "meta.k8s.io";

/** What requests that write have in common. */
export interface WriteQuery {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean;
  /** As admission sees them: CreateOptions, UpdateOptions or PatchOptions. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** @throws {StatusError} 400 or 422 */
export function writeQuery(
  query: URLSearchParams,
  kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
  apply = false,
): WriteQuery {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  const fieldManager = query.get("fieldManager") ?? "";
  const fieldValidation = query.get("fieldValidation") ?? "";
  const force = query.has("force") && query.get("force") !== "" ? parseBool(query.get("force")!) : undefined;
  const errors: FieldError[] = [];
  if (kind === "PatchOptions") {
    if (apply) {
      if (fieldManager === "") {
        errors.push(required("fieldManager", "is required for apply patch"));
      }
    } else if (force !== undefined) {
      errors.push(forbidden("force", "may not be specified for non-apply patch"));
    }
  }
  errors.push(
    ...validateFieldManager(fieldManager, "fieldManager"),
    ...validateDryRun(dryRun),
    ...validateFieldValidation(fieldValidation),
  );
  if (errors.length > 0) throw invalid({ group: META, name: kind }, "", errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: (fieldValidation || "Warn") as FieldValidation,
    force: force ?? false,
    options: {
      kind,
      apiVersion: `${META}/v1`,
      ...dryRun.length > 0 ? { dryRun } : {},
      ...fieldManager === "" ? {} : { fieldManager },
      ...fieldValidation === "" ? {} : { fieldValidation },
      ...force === undefined ? {} : { force },
    },
  };
}

function validateDryRun(values: readonly string[]): FieldError[] {
  return [...new Set(values)].some((value) => value !== "All") ? [notSupported("dryRun", values, ["All"])] : [];
}

function validateFieldValidation(value: string): FieldError[] {
  return ["", "Ignore", "Warn", "Strict"].includes(value)
    ? []
    : [notSupported("fieldValidation", value, ["", "Ignore", "Strict", "Warn"])];
}

/** @throws {StatusError} 400 in Go's words */
function parseBool(value: string): boolean {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(value)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(value)) return false;
  throw badRequest(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}

function parseInteger(value: string): number {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
}

export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  /** Seconds; undefined for as long as the server likes. */
  readonly timeoutSeconds: number | undefined;
  readonly limit: number;
  readonly continue: string;
  readonly sendInitialEvents: boolean | undefined;
}

/**
 * @param watch the path or the verb asks for a watch already
 * @throws {StatusError} 400 or 422
 */
export function listOptions(query: URLSearchParams, watch = false): ListOptions {
  const flag = (name: string) => query.has(name) ? isTrue(query.get(name)!) : undefined;
  const number = (name: string) => query.has(name) ? parseInteger(query.get(name)!) : undefined;
  const options: ListOptions = {
    labelSelector: query.get("labelSelector") ?? "",
    fieldSelector: query.get("fieldSelector") ?? "",
    watch: watch || (flag("watch") ?? false),
    allowWatchBookmarks: flag("allowWatchBookmarks") ?? false,
    resourceVersion: query.get("resourceVersion") ?? "",
    resourceVersionMatch: query.get("resourceVersionMatch") ?? "",
    timeoutSeconds: number("timeoutSeconds"),
    limit: number("limit") ?? 0,
    continue: query.get("continue") ?? "",
    sendInitialEvents: flag("sendInitialEvents"),
  };
  const errors = options.watch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalid({ group: META, name: "ListOptions" }, "", errors);
  return options;
}

const MATCH = "resourceVersionMatch";

function listErrors({ resourceVersionMatch: match, resourceVersion, continue: token, sendInitialEvents }: ListOptions) {
  const errors: FieldError[] = [];
  if (match !== "") {
    if (resourceVersion === "") {
      errors.push(forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if (token !== "") errors.push(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
    if (match !== "Exact" && match !== "NotOlderThan") {
      errors.push(notSupported(MATCH, match, ["Exact", "NotOlderThan", ""]));
    }
    if (match === "Exact" && resourceVersion === "0") {
      errors.push(forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (sendInitialEvents !== undefined) {
    errors.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  return errors;
}

function watchErrors({ resourceVersionMatch: match, continue: token, sendInitialEvents }: ListOptions): FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    errors.push(forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (match !== "") {
    if (sendInitialEvents === undefined) {
      errors.push(forbidden(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    }
    if (match !== "NotOlderThan") errors.push(notSupported(MATCH, match, ["NotOlderThan"]));
    if (token !== "") errors.push(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
  }
  return errors;
}

/**
 * The options of a deletion: its body where it has one, else its query.
 *
 * @throws {StatusError} 400 or 422
 */
export function deleteOptions(body: DeleteOptions | undefined, query: URLSearchParams): DeleteOptions {
  const options = body ?? deleteQuery(query);
  const errors: FieldError[] = [];
  const { propagationPolicy: policy, orphanDependents, dryRun = [] } = options;
  if (policy && orphanDependents !== undefined && orphanDependents !== null) {
    errors.push(
      invalidField("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"),
    );
  }
  if (policy && !["Foreground", "Background", "Orphan"].includes(policy)) {
    errors.push(notSupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"]));
  }
  errors.push(...validateDryRun(dryRun ?? []));
  if (errors.length > 0) throw invalid({ group: META, name: "DeleteOptions" }, "", errors);
  return options;
}

function deleteQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get("gracePeriodSeconds");
  const orphan = query.get("orphanDependents");
  const policy = query.get("propagationPolicy");
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  return {
    ...grace ? { gracePeriodSeconds: parseInteger(grace) } : {},
    ...orphan ? { orphanDependents: isTrue(orphan) } : {},
    ...policy ? { propagationPolicy: policy } : {},
    ...dryRun.length > 0 ? { dryRun } : {},
  };
}
