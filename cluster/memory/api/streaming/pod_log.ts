/**
 * `GET …/pods/NAME/log`
 *
 * Source: `pkg/registry/core/pod/rest/log.go`, `pkg/apis/core/validation` (ValidatePodLogOptions).
 */
import { type FieldError, forbidden, invalid as invalidField, notSupported } from "../../kinds/field_error.ts";
import type { Store } from "../../store/store.ts";
import type { ApiResponse } from "../http/message.ts";
import { badRequest, invalid } from "../status.ts";
import type { KubeletConnection, LogOptions } from "./kubelet_connection.ts";
import { containerOf, podOf } from "./pod_target.ts";

export interface PodLogRequest {
  readonly namespace: string;
  readonly name: string;
  readonly query: URLSearchParams;
}

/** @throws {StatusError} */
export function servePodLog(
  store: Store,
  kubelet: KubeletConnection,
  { namespace, name, query }: PodLogRequest,
): ApiResponse {
  const pod = podOf(store, namespace, name);
  const options = logOptions(name, query);
  const container = containerOf(pod, options.container);
  const headers = { "Content-Type": "text/plain" };
  // A pod without a node has no logs yet, which is no error.
  if (!pod.spec.nodeName) return { status: 200, headers, body: "" };
  const reader = kubelet.logs(pod, { ...options, container });
  return {
    status: 200,
    headers,
    stream(sink) {
      reader.start((text) => sink.write(text), () => sink.end());
      return () => reader.stop();
    },
  };
}

/** @throws {StatusError} 400 for what is no number, 422 for numbers that make no sense */
export function logOptions(name: string, query: URLSearchParams): LogOptions {
  const errors: FieldError[] = [];
  const flag = (key: string) => ["true", "1"].includes(query.get(key) ?? "");
  const number = (key: string, least: number, why: string): number | undefined => {
    const text = query.get(key);
    if (text === null) return undefined;
    if (!/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    const value = Number(text);
    if (value < least) errors.push(invalidField(key, value, why));
    return value;
  };
  const tailLines = number("tailLines", 0, "must be greater than or equal to 0");
  const limitBytes = number("limitBytes", 1, "must be greater than 0");
  const since = query.get("sinceTime");
  const both = since !== null && query.get("sinceSeconds") !== null;
  const once = "at most one of `sinceTime` or `sinceSeconds` may be specified";
  if (both) errors.push(forbidden("", once));
  const sinceSeconds = both ? undefined : number("sinceSeconds", 1, "must be greater than 0");
  const sinceTime = since === null ? undefined : Date.parse(since);
  if (Number.isNaN(sinceTime)) throw badRequest(`parsing time ${JSON.stringify(since)} as "2006-01-02T15:04:05Z07:00"`);
  const stream = query.get("stream") ?? "All";
  if (!["All", "Stdout", "Stderr"].includes(stream)) {
    errors.push(notSupported("stream", stream, ["All", "Stderr", "Stdout"]));
  } else if (stream !== "All" && tailLines !== undefined) {
    errors.push(forbidden("", "`tailLines` and specific `stream` are mutually exclusive for now"));
  }
  if (errors.length > 0) throw invalid({ group: "", name: "PodLogOptions" }, name, errors);
  return {
    container: query.get("container") ?? "",
    follow: flag("follow"),
    previous: flag("previous"),
    timestamps: flag("timestamps"),
    sinceSeconds,
    sinceTime,
    tailLines,
    limitBytes,
    stream: stream as LogOptions["stream"],
  };
}
