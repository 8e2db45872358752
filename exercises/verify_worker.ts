/** The thread that `verify_thread.ts` starts: folders of exercises come in, entries of a report go out. */
import { parentPort, workerData } from "node:worker_threads";
import { inProcessCluster } from "../cluster/in_process.ts";
import { readEntry } from "./catalogue.ts";
import { verify } from "./verify.ts";
import type { VerifyThreadData } from "./verify_thread.ts";

const { cluster, mutate } = workerData as VerifyThreadData;
const opened = inProcessCluster(cluster);
parentPort!.on("message", async (folder: string) => {
  parentPort!.postMessage(await verify(await readEntry(folder), await opened, { mutate }));
});
