/**
 * What Kubernetes changed since notes were written: flags, labels, paths and habits, with the version and what to write
 * now.
 *
 * Sources: the release notes and the deprecation guide of kubernetes.io, kubectl's own answers, and the changelogs of
 * kubeadm and etcd.
 */
import type { Text } from "../../../cluster/text.ts";

export interface Change {
  /** The Kubernetes version that made the change. */
  readonly version: string;
  /** What it was fails from that version on; otherwise it is out of use. */
  readonly fails: boolean;
  /** What there is now. */
  readonly now: Text;
}

/** A flag of kubectl's. */
export interface FlagChange extends Change {
  readonly flag: string;
  /** The commands whose flag it was. */
  readonly of: RegExp;
}

/** A word in a command's arguments or in a manifest. */
export interface WordChange extends Change {
  readonly word: RegExp;
  /** Programs in whose commands it counts; in manifests too where absent. */
  readonly program?: RegExp;
}

const RUN_POD_ONLY: Text = {
  en: "kubectl run makes a Pod and nothing else; use kubectl create deployment, job or cronjob.",
  ko: "kubectl run은 이제 파드만 만듭니다. kubectl create deployment, job, cronjob을 사용하세요.",
};

const RUN_OVERRIDES: Text = {
  en: "Write the field in a manifest, or give it with --overrides.",
  ko: "매니페스트에 필드로 쓰거나 --overrides로 지정하세요.",
};

export const FLAG_CHANGES: readonly FlagChange[] = [
  { flag: "generator", of: /^(run|expose|create)\b/, version: "1.21", fails: true, now: RUN_POD_ONLY },
  { flag: "replicas", of: /^run$/, version: "1.18", fails: true, now: RUN_POD_ONLY },
  { flag: "schedule", of: /^run$/, version: "1.21", fails: true, now: RUN_POD_ONLY },
  { flag: "requests", of: /^run$/, version: "1.24", fails: true, now: RUN_OVERRIDES },
  { flag: "limits", of: /^run$/, version: "1.24", fails: true, now: RUN_OVERRIDES },
  { flag: "serviceaccount", of: /^run$/, version: "1.24", fails: true, now: RUN_OVERRIDES },
  { flag: "hostport", of: /^run$/, version: "1.24", fails: true, now: RUN_OVERRIDES },
  {
    flag: "record",
    of: /^(annotate|apply|autoscale|create|delete|edit|expose|label|patch|replace|rollout|run|scale|set)\b/,
    version: "1.22",
    fails: false,
    now: {
      en: "Write the cause yourself: kubectl annotate … kubernetes.io/change-cause=….",
      ko: "변경 이유는 kubectl annotate … kubernetes.io/change-cause=…로 직접 적으세요.",
    },
  },
  {
    flag: "export",
    of: /^get$/,
    version: "1.18",
    fails: true,
    now: {
      en: "Use kubectl get -o yaml and take the status and the server's metadata out.",
      ko: "kubectl get -o yaml로 출력한 뒤 status와 서버가 넣은 metadata를 지우세요.",
    },
  },
  ...["heapster-namespace", "heapster-port", "heapster-scheme", "heapster-service"].map((flag) => ({
    flag,
    of: /^top\b/,
    version: "1.20",
    fails: true,
    now: {
      en: "kubectl top asks the metrics server, and no Heapster.",
      ko: "kubectl top은 Heapster가 아니라 메트릭 서버를 사용합니다.",
    },
  })),
  ...["experimental-server-side", "experimental-force-conflicts", "experimental-field-manager"].map((flag) => ({
    flag,
    of: /^(apply|diff)$/,
    version: "1.18",
    fails: true,
    now: { en: "Leave experimental- out.", ko: "experimental-을 빼고 쓰세요." },
  })),
  {
    flag: "server-dry-run",
    of: /^(apply|create|delete)\b/,
    version: "1.23",
    fails: true,
    now: { en: "Write --dry-run=server.", ko: "--dry-run=server로 쓰세요." },
  },
  {
    flag: "show-all",
    of: /^get$/,
    version: "1.13",
    fails: true,
    now: { en: "All Pods are shown without it.", ko: "이 플래그가 없어도 모든 파드가 표시됩니다." },
  },
  {
    flag: "short",
    of: /^version$/,
    version: "1.28",
    fails: true,
    now: { en: "kubectl version is short by itself.", ko: "kubectl version의 출력이 기본으로 짧습니다." },
  },
  {
    flag: "delete-local-data",
    of: /^drain$/,
    version: "1.32",
    fails: true,
    now: { en: "Write --delete-emptydir-data.", ko: "--delete-emptydir-data로 쓰세요." },
  },
  {
    flag: "prune-whitelist",
    of: /^apply$/,
    version: "1.28",
    fails: true,
    now: { en: "Write --prune-allowlist.", ko: "--prune-allowlist로 쓰세요." },
  },
  {
    flag: "cpu-percent",
    of: /^autoscale$/,
    version: "1.34",
    fails: false,
    now: { en: "Write --cpu=70%.", ko: "--cpu=70%처럼 쓰세요." },
  },
];

/** Commands of kubectl's that are gone. */
export const COMMAND_CHANGES: Readonly<Record<string, Change>> = {
  "rolling-update": {
    version: "1.18",
    fails: true,
    now: {
      en: "Use a Deployment: kubectl set image and kubectl rollout.",
      ko: "디플로이먼트에 kubectl set image와 kubectl rollout을 사용하세요.",
    },
  },
  "alpha": {
    version: "1.26",
    fails: true,
    now: {
      en: "debug, diff, events and auth whoami stand without alpha now.",
      ko: "debug, diff, events, auth whoami는 이제 alpha 없이 씁니다.",
    },
  },
  "run-container": { version: "1.16", fails: true, now: RUN_POD_ONLY },
  "convert": {
    version: "1.22",
    fails: true,
    now: { en: "It is a plugin now: kubectl-convert.", ko: "이제 kubectl-convert 플러그인입니다." },
  },
};
