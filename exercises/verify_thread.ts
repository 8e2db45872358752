/** Proves exercises in a thread of its own: another core, another memory cluster. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ReportEntry } from "../checks/reports/report.ts";
import type { InProcessOptions } from "../cluster/in_process.ts";

/** What the thread begins with. */
export interface VerifyThreadData {
  readonly cluster: InProcessOptions;
  readonly mutate: boolean;
}

export interface VerifyThread extends AsyncDisposable {
  /**
   * Proves the exercise in a folder; one at a time.
   *
   * @rejects with what was thrown there, or when the signal is aborted
   */
  verify(folder: string, signal: AbortSignal): Promise<ReportEntry>;
}

/** Starts a thread. It ends when it is disposed of, whatever it does then. */
export function verifyThread(workerData: VerifyThreadData): VerifyThread {
  const worker = new Worker(new URL("./verify_worker.ts", import.meta.url), { workerData });
  return {
    async verify(folder, signal) {
      const answer = once(worker, "message", { signal });
      worker.postMessage(folder);
      const [entry] = await answer;
      return entry;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
