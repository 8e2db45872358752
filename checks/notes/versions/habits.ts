/** Habits of the command line that newer versions refuse or advise against. See `changes.ts`. */
import type { KubectlCommand } from "../kubectl/command_line.ts";
import type { Change, WordChange } from "./changes.ts";

/** Several words together show it. */
export const LINE_CHANGES: readonly (WordChange & { readonly program: RegExp })[] = [
  {
    word: /^upgrade node config\b/,
    program: /^kubeadm$/,
    version: "1.16",
    fails: true,
    now: { en: "Write kubeadm upgrade node.", ko: "kubeadm upgrade node로 쓰세요." },
  },
  {
    word: /^alpha (certs|kubeconfig|kubelet)\b/,
    program: /^kubeadm$/,
    version: "1.20",
    fails: true,
    now: { en: "Write kubeadm certs or kubeadm kubeconfig.", ko: "kubeadm certs, kubeadm kubeconfig로 쓰세요." },
  },
  {
    word: /^(-\S+ )*set \S+ \S+/,
    program: /^etcdctl$/,
    version: "1.13",
    fails: false,
    now: {
      en: "That is etcd's API v2, which Kubernetes no longer uses: etcdctl put KEY VALUE.",
      ko: "쿠버네티스가 더 이상 쓰지 않는 etcd API v2의 명령입니다. etcdctl put KEY VALUE를 사용하세요.",
    },
  },
  {
    word: /^(-\S+ )*snapshot restore\b/,
    program: /^etcdctl$/,
    version: "1.34",
    fails: true,
    now: { en: "With etcd 3.6 it is etcdutl snapshot restore.", ko: "etcd 3.6부터는 etcdutl snapshot restore입니다." },
  },
  {
    // `docker ps` by itself may be about Docker: these are about the kubelet's containers.
    word:
      /^(ps|logs|inspect|exec|stop|kill|restart|rm)\b.*(\bk8s_|name=k8s|kube-(apiserver|scheduler|proxy|controller)|\betcd\b|coredns)/,
    program: /^docker$/,
    version: "1.24",
    fails: true,
    now: {
      en: "The kubelet no longer runs its containers with Docker: use crictl ps, logs, inspect.",
      ko: "kubelet은 더 이상 Docker로 컨테이너를 실행하지 않습니다. crictl ps, logs, inspect를 사용하세요.",
    },
  },
];

/** What a kubectl command as a whole shows. */
export interface CommandHabit extends Change {
  /** What it is called. */
  readonly found: string;
  is(command: KubectlCommand): boolean;
}

const DASHES = {
  en: "Write -- before the command: kubectl exec POD -- COMMAND.",
  ko: "명령 앞에 --를 쓰세요. kubectl exec 파드 -- 명령",
};

const withoutDashes = ({ path, args, rest }: KubectlCommand): boolean =>
  path === "exec" && rest === undefined && args.length > 1;

export const COMMAND_HABITS: readonly CommandHabit[] = [
  { found: "exec without --", version: "1.31", fails: true, now: DASHES, is: withoutDashes },
  { found: "exec without --", version: "1.18", fails: false, now: DASHES, is: withoutDashes },
  {
    found: "Endpoints",
    version: "1.33",
    fails: false,
    now: {
      en: "Look at the EndpointSlices: kubectl get endpointslices.",
      ko: "EndpointSlice를 확인하세요. kubectl get endpointslices",
    },
    is: ({ path, args: [resource = ""] }) =>
      /^(get|describe)$/.test(path) && /^(ep|endpoints?)(\/.*)?$/i.test(resource),
  },
  {
    found: "--cascade=true",
    version: "1.20",
    fails: false,
    now: {
      en: "Write --cascade=background, foreground or orphan.",
      ko: "--cascade=background, foreground, orphan 중 하나로 쓰세요.",
    },
    is: ({ path, flags }) => path === "delete" && /^(true|false)$/.test(flags.get("cascade")?.at(-1) ?? ""),
  },
];

/** Commands by the first version whose kubectl has them, where that is before all that the facts are from. */
export const SINCE: Readonly<Record<string, string>> = {
  "create token": "1.24",
  debug: "1.20",
  events: "1.26",
  "rollout restart": "1.15",
  "create ingress": "1.19",
  kustomize: "1.14",
};
