/** What a memory cluster does beyond Kubernetes, asked from outside: its clock, traces, the scheduler's reasons. */
import { ApiError } from "../cluster.ts";
import { Problem } from "../problem.ts";
import { Connection } from "../remote/connection.ts";
import { HttpsTransport } from "../remote/https_transport.ts";
import { kubeconfigPaths, loadKubeconfig } from "../remote/kubeconfig.ts";
import { DEFAULT_NAME, readRecord } from "./record.ts";

export interface NamedObject {
  /** "pod", "deploy" */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** One node's part in a decision of the scheduler. */
export interface NodeReason {
  readonly node: string;
  readonly refused?: { readonly plugin: string; readonly reasons: readonly string[] };
  readonly scores?: Readonly<Record<string, number>>;
  readonly total?: number;
}

export interface Step {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly object: string;
  readonly user: string;
  readonly manager: string;
  readonly verb: "create" | "update" | "delete" | "event";
  readonly subresource?: string;
  readonly revision?: string;
  readonly groups?: readonly string[];
  readonly admission?: readonly { readonly plugin: string; readonly fields: readonly string[] }[];
  readonly changes: readonly string[];
}

export interface Control extends AsyncDisposable {
  /** The cluster's time, in milliseconds since the epoch. */
  now(): Promise<number>;
  /** Moves the clock forward, and gives the time after. */
  advance(ms: number): Promise<number>;
  trace(object: NamedObject): Promise<readonly Step[]>;
  why(object: NamedObject): Promise<readonly NodeReason[]>;
}

/**
 * The memory cluster called `name`, or the one that the kubeconfig's current context leads to.
 *
 * @throws {Problem} when there is none
 */
export async function controlCluster(folder: string, name?: string): Promise<Control> {
  const record = await readRecord(folder, name ?? DEFAULT_NAME);
  if (record === undefined && name !== undefined) throw noCluster();
  const loaded = await loadKubeconfig(record === undefined ? kubeconfigPaths() : [record.kubeconfig]);
  if (loaded === undefined) throw noCluster();
  const connection = new Connection(new HttpsTransport(loaded.config));
  const ask = async (method: string, path: string, body?: unknown) => {
    try {
      return await connection.request(method, `/drydock/${path}`, body === undefined ? {} : { body });
    } catch (error) {
      throw error instanceof ApiError ? refusal(error) : error;
    }
  };
  const query = ({ resource, namespace, name }: NamedObject) => new URLSearchParams({ resource, namespace, name });
  return {
    now: async () => (await ask("GET", "clock") as { now: number }).now,
    advance: async (ms) => (await ask("POST", "clock", { advance: ms }) as { now: number }).now,
    trace: async (object) => (await ask("GET", `trace?${query(object)}`) as { steps: readonly Step[] }).steps,
    why: async (object) => (await ask("GET", `why?${query(object)}`) as { nodes: readonly NodeReason[] }).nodes,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function noCluster(): Problem {
  return new Problem(
    "usage",
    { en: "No memory cluster is running.", ko: "실행 중인 메모리 클러스터가 없습니다." },
    { en: "`drydock up` starts one.", ko: "`drydock up`으로 시작하세요." },
  );
}

function refusal({ code, reason, message }: ApiError): Problem {
  // What no Kubernetes knows is answered with a page, not with a Status.
  if (code === 404 && reason === "") {
    return new Problem("usage", {
      en: "Only a memory cluster can do this, and this is another cluster.",
      ko: "메모리 클러스터에서만 할 수 있는 일인데, 이 클러스터는 메모리 클러스터가 아닙니다.",
    });
  }
  return new Problem("usage", { en: message, ko: message });
}
