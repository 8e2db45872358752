/**
 * A watch, written line by line for as long as the client listens.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/watch.go`, `storage/cacher/cacher.go` (bookmarks, initial events).
 */
import { type Call, type Core, resourceOfCall } from "../registry/call.ts";
import { invalidResourceVersion, list, parseResourceVersion } from "../registry/get.ts";
import { parseSelection } from "../registry/selection.ts";
import { type Selected, watch } from "../registry/watch.ts";
import { invalid, StatusError } from "../status.ts";
import { eventLine } from "./encoding.ts";
import type { ApiResponse, Sink } from "./message.ts";
import type { Accepted } from "./negotiation.ts";
import type { ListOptions } from "./options.ts";
import { watchLines } from "./watch_lines.ts";

/** How often a client that takes bookmarks is told where it is, in milliseconds. */
const BOOKMARK_INTERVAL = 60_000;
/** Before the end of a watch there is a last bookmark, in milliseconds. */
const LAST_BOOKMARK = 2_000;
/** A watch without a timeout of its own ends after half an hour to an hour, in milliseconds. */
const SHORTEST_WATCH = 30 * 60_000;
/** A client that reads too slowly for so many bytes is left behind, to list again. */
const MOST_WAITING = 64 * 1024 * 1024;

const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** @throws {StatusError} for a watch that cannot begin */
export function watchResponse(
  core: Core,
  call: Call,
  options: ListOptions,
  accepted: Accepted,
  query: URLSearchParams,
): ApiResponse {
  const selection = parseSelection(call.served, options.labelSelector, options.fieldSelector);
  const since = startOf(call, options.resourceVersion);
  const begun = watchLines(core.clock, call.served, accepted, query);
  const stream = (sink: Sink) => {
    const lines = begun(sink);
    const timers: { cancel(): void }[] = [];
    let open: { stop(): void } | undefined;
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      stop();
      sink.end();
    };
    const stop = () => {
      open?.stop();
      for (const timer of timers) timer.cancel();
    };
    const onChange = (selected: Selected) => {
      lines.event(selected.type, selected.object);
      if (sink.waiting > MOST_WAITING) end();
    };
    try {
      open = begin(onChange);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      sink.write(eventLine("ERROR", JSON.stringify(error.status)));
      end();
      return stop;
    }
    const timeout = options.timeoutSeconds ? options.timeoutSeconds * 1000 : SHORTEST_WATCH * (1 + core.clock.random());
    timers.push(core.clock.after(timeout, end, { background: true }));
    if (options.allowWatchBookmarks) bookmarks(timeout);
    return stop;

    function bookmarks(timeout: number) {
      const tell = () => lines.bookmark(core.store.revision);
      const every = () => {
        tell();
        timers[1] = core.clock.after(BOOKMARK_INTERVAL, every, { background: true });
      };
      timers[1] = core.clock.after(BOOKMARK_INTERVAL, every, { background: true });
      timers[2] = core.clock.after(Math.max(0, timeout - LAST_BOOKMARK), tell, { background: true });
    }

    /** Sends what is there first, where the request asks for it, and listens from then on. */
    function begin(listener: (selected: Selected) => void) {
      const { sendInitialEvents } = options;
      const current = core.store.revision;
      if (sendInitialEvents ?? since === 0) {
        const all = { selection, limit: 0, continue: "", resourceVersion: "", resourceVersionMatch: "" };
        for (const object of list(core, call, all).objects) lines.event("ADDED", object);
        if (sendInitialEvents && options.allowWatchBookmarks) lines.bookmark(current, { [INITIAL_EVENTS_END]: "true" });
        return watch(core, call, selection, current, listener);
      }
      return watch(core, call, selection, since === 0 ? current : since, listener);
    }
  };
  return { status: 200, headers: { "Content-Type": "application/json" }, stream };
}

/** @throws {StatusError} 422 for what is no number */
function startOf(call: Call, resourceVersion: string): number {
  if (/^\d*$/.test(resourceVersion)) return parseResourceVersion(resourceVersion);
  throw invalid(resourceOfCall(call), call.name, [invalidResourceVersion(resourceVersion)]);
}
