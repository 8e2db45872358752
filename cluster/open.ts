/** Opens the cluster that was chosen, and says in one line which and why. */
import type { Addon } from "./background/components.ts";
import { launch, stop } from "./background/launch.ts";
import { type ClusterRecord, DEFAULT_NAME, running } from "./background/record.ts";
import { type Choice, chooseCluster } from "./choose.ts";
import type { Cluster } from "./cluster.ts";
import { inProcessCluster, type InProcessOptions } from "./in_process.ts";
import type { AddedImages } from "./added_images.ts";
import { Problem } from "./problem.ts";
import { contextOf, kubeconfigPaths, loadKubeconfig } from "./remote/kubeconfig.ts";
import { connect } from "./remote/remote_cluster.ts";
import type { Text } from "./text.ts";

export interface OpenOptions {
  /** Where the records of memory clusters are kept. */
  readonly clusters: string;
  readonly context?: string;
  readonly allowContext?: string;
  /** Whether anything will be changed. */
  readonly changes: boolean;
  /**
   * Where a new memory cluster runs when none is there: in a process that outlives this one (started by the command
   * given), or in this process, on virtual time. `refuse` starts none.
   */
  readonly otherwise: { readonly launch: readonly [string, ...string[]] } | "in-process" | "refuse";
  /** A new memory cluster, whatever else is there. */
  readonly fresh?: boolean;
  /** Images beside those that a new cluster in this process can pull anyway; asked for where there is one. */
  readonly images?: () => Promise<AddedImages | undefined>;
  /** What is installed into a new cluster in this process beside what kubeadm leaves. */
  readonly addons?: readonly Addon[];
  readonly signal?: AbortSignal;
}

/** An open cluster and the reason for it. */
export interface OpenCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  /** "Cluster: context kind-study (the current context)." */
  readonly line: Text;
  /** What it was started with, where it is in this process. */
  readonly inProcess?: InProcessOptions;
}

/** @throws {Problem} see {@linkcode chooseCluster}, and where the cluster does not answer */
export async function openCluster(options: OpenOptions): Promise<OpenCluster> {
  const { context: asked, allowContext: allowed, changes, fresh = false } = options;
  if (fresh) return opened({ kind: "new-memory", because: "asked" }, await openInProcess(options));
  const alive = await running(options.clusters);
  // A broken kubeconfig of another cluster must not keep anybody from the memory cluster that runs.
  const needsKubeconfig = asked !== undefined || alive.length === 0;
  const kubeconfig = needsKubeconfig ? await loadKubeconfig(kubeconfigPaths()) : undefined;
  const config = kubeconfig?.config;
  const choice = chooseCluster({
    changes,
    running: alive,
    contexts: config?.contexts.flatMap(({ name }) => contextOf(config, name) ?? []) ?? [],
    ...asked === undefined ? {} : { asked },
    ...allowed === undefined ? {} : { allowed },
    ...config?.currentContext === undefined ? {} : { current: config.currentContext },
  });
  return opened(choice, await open(choice, options, kubeconfig));
}

type Opened = Pick<OpenCluster, "cluster" | "inProcess">;

async function openInProcess({ images, addons = [] }: OpenOptions): Promise<Opened> {
  const inProcess = { images: await images?.(), addons };
  return { cluster: await inProcessCluster(inProcess), inProcess };
}

function opened(choice: Choice, { cluster, ...rest }: Opened): OpenCluster {
  return {
    ...rest,
    cluster,
    line: lineOf(choice, cluster),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

type Kubeconfig = Awaited<ReturnType<typeof loadKubeconfig>>;

async function open(choice: Choice, options: OpenOptions, kubeconfig: Kubeconfig): Promise<Opened> {
  switch (choice.kind) {
    case "memory":
      return { cluster: await connectTo(choice.record) };
    case "context":
      return {
        cluster: await connect(kubeconfig!.config, {
          context: choice.context.name,
          ...kubeconfig!.paths.length === 1 ? { path: kubeconfig!.paths[0] } : {},
        }),
      };
    case "new-memory": {
      const { otherwise, clusters, signal } = options;
      if (otherwise === "in-process") return await openInProcess(options);
      if (otherwise === "refuse") throw nothingStarted();
      const command = otherwise.launch;
      const record = await launch(clusters, { name: DEFAULT_NAME, command, ...signal === undefined ? {} : { signal } });
      const cluster = await connectTo(record);
      return {
        cluster: {
          ...cluster,
          async [Symbol.asyncDispose]() {
            await cluster[Symbol.asyncDispose]();
            // Whoever interrupts what needed the cluster does not want it either.
            if (signal?.aborted) await stop(clusters, record);
          },
        },
      };
    }
  }
}

async function connectTo(record: ClusterRecord): Promise<Cluster> {
  const loaded = await loadKubeconfig([record.kubeconfig]);
  if (loaded === undefined) {
    throw new Problem("unavailable", {
      en: `The kubeconfig of the memory cluster, ${record.kubeconfig}, is gone.`,
      ko: `메모리 클러스터의 kubeconfig(${record.kubeconfig})가 없어졌습니다.`,
    }, { en: "Start it anew: drydock down, drydock up.", ko: "다시 시작하세요: drydock down, drydock up." });
  }
  return await connect(loaded.config, {
    context: record.context,
    path: record.kubeconfig,
    label: { en: `the memory cluster ${record.context}`, ko: `메모리 클러스터 ${record.context}` },
  });
}

function nothingStarted(): Problem {
  return new Problem("usage", {
    en: "No cluster is there yet, so no exercise is started.",
    ko: "아직 클러스터가 없어서 시작된 연습 문제도 없습니다.",
  }, { en: "Begin with `drydock start`.", ko: "`drydock start`로 시작하세요." });
}

const BECAUSE: Readonly<Record<Choice["because"], Text>> = {
  "asked": { en: "as asked", ko: "지정한 클러스터" },
  "running": { en: "it is running", ko: "실행 중" },
  "current": { en: "the current context, which is local", ko: "현재 컨텍스트, 로컬" },
  "nothing-else": { en: "started, as there was no other", ko: "다른 클러스터가 없어 새로 시작함" },
};

function lineOf({ because }: Choice, { label }: Cluster): Text {
  return {
    en: `Cluster: ${label.en} (${BECAUSE[because].en}).`,
    ko: `클러스터: ${label.ko} (${BECAUSE[because].ko})`,
  };
}
