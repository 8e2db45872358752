/**
 * Reads a container's log as it was asked for.
 *
 * Source: `pkg/kubelet/kubelet_pods.go` (validateContainerLogStatus), `k8s.io/cri-client/pkg/logs`.
 */
import type { LogOptions, LogReader } from "../../api/streaming/kubelet_connection.ts";
import { badRequest } from "../../api/status.ts";
import type { ContainerStatus, PodStatus } from "../../kinds/schema/types.ts";
import type { ContainerLog, LogLine } from "../container_log.ts";

/**
 * The id of the container whose log is meant.
 *
 * @throws {StatusError} 400 for a container that has not run, in the kubelet's words
 */
export function loggedContainer(status: PodStatus, podName: string, { container, previous }: LogOptions): string {
  const all = [
    ...status.containerStatuses ?? [],
    ...status.initContainerStatuses ?? [],
    ...status.ephemeralContainerStatuses ?? [],
  ];
  const found = all.find(({ name }) => name === container);
  const what = `container ${JSON.stringify(container)} in pod ${JSON.stringify(podName)}`;
  if (found === undefined) throw badRequest(`${what} is not available`);
  const before = found.lastState?.terminated?.containerID;
  if (previous) {
    if (!before) throw badRequest(`previous terminated ${what} not found`);
    return before;
  }
  const { running, terminated } = found.state ?? {};
  if (running !== undefined) return found.containerID!;
  if (terminated !== undefined || found.lastState?.terminated !== undefined) {
    const id = terminated?.containerID || before;
    if (!id) throw badRequest(`${what} is terminated`);
    return id;
  }
  throw badRequest(`${what} is waiting to start${whyWaiting(found)}`);
}

function whyWaiting({ state }: ContainerStatus): string {
  const reason = state?.waiting?.reason;
  switch (reason) {
    case undefined:
      return " - no logs yet";
    case "ErrImagePull":
      return ": image can't be pulled";
    case "ImagePullBackOff":
      return ": trying and failing to pull image";
    default:
      return `: ${reason}`;
  }
}

/**
 * @param now milliseconds of the clock, for `sinceSeconds`
 * @param onEnd tells when the container writes no more, at once if it has ended
 */
export function readLog(
  log: ContainerLog,
  options: LogOptions,
  now: number,
  onEnd: (ended: () => void) => void,
): LogReader {
  let stopFollowing = () => {};
  return {
    start(write, end) {
      const limited = limit(write, options.limitBytes);
      for (const line of selected(log.lines, options, now)) limited.write(format(line, options));
      if (!options.follow || limited.full()) return end();
      let over = false;
      const finish = () => {
        if (over) return;
        over = true;
        stopFollowing();
        end();
      };
      stopFollowing = log.follow((line) => {
        if (!isOf(line, options)) return;
        limited.write(format(line, options));
        if (limited.full()) finish();
      });
      onEnd(finish);
    },
    stop: () => stopFollowing(),
  };
}

function selected(lines: readonly LogLine[], options: LogOptions, now: number): readonly LogLine[] {
  const { sinceSeconds, sinceTime, tailLines } = options;
  const since = sinceSeconds === undefined ? sinceTime ?? -Infinity : now - sinceSeconds * 1000;
  const wanted = lines.filter((line) => line.time >= since && isOf(line, options));
  return tailLines === undefined ? wanted : wanted.slice(Math.max(0, wanted.length - tailLines));
}

const isOf = (line: LogLine, { stream }: LogOptions): boolean =>
  stream === "All" || stream.toLowerCase() === line.stream;

function format({ time, text }: LogLine, { timestamps }: LogOptions): string {
  if (!timestamps) return `${text}\n`;
  return `${new Date(time).toISOString().replace("Z", "000000Z")} ${text}\n`;
}

/** Lets no more than so many bytes through. */
function limit(write: (text: string) => void, most = Infinity) {
  let left = most;
  return {
    full: () => left <= 0,
    write(text: string) {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length <= left) write(text);
      else if (left > 0) write(new TextDecoder().decode(bytes.subarray(0, left)));
      left -= bytes.length;
    },
  };
}
