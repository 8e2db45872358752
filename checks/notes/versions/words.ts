/** Words in commands and manifests that newer versions of Kubernetes no longer know. See `changes.ts`. */
import type { WordChange } from "./changes.ts";

const label = (old: string, successor: string, version: string): WordChange => ({
  word: new RegExp(`(?<![\\w./-])${old.replaceAll(".", "\\.")}(?![\\w/]|-\\w)`),
  version,
  fails: false,
  now: { en: `It is ${successor} now.`, ko: `이제 ${successor}입니다.` },
});

export const WORD_CHANGES: readonly WordChange[] = [
  label("node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane", "1.24"),
  label("beta.kubernetes.io/os", "kubernetes.io/os", "1.14"),
  label("beta.kubernetes.io/arch", "kubernetes.io/arch", "1.14"),
  label("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type", "1.17"),
  label("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone", "1.17"),
  label("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region", "1.17"),
  label("kubernetes.io/ingress.class", "spec.ingressClassName", "1.18"),
  label("volume.beta.kubernetes.io/storage-class", "spec.storageClassName", "1.6"),
  label("scheduler.alpha.kubernetes.io/critical-pod", "spec.priorityClassName", "1.16"),
  label("seccomp.security.alpha.kubernetes.io/pod", "securityContext.seccompProfile", "1.27"),
  {
    word: /(?<![\w.-])container\.apparmor\.security\.beta\.kubernetes\.io\/[\w.-]+/,
    version: "1.30",
    fails: false,
    now: { en: "It is securityContext.appArmorProfile now.", ko: "이제 securityContext.appArmorProfile입니다." },
  },
  {
    word: /(?<![\w.-])k8s\.gcr\.io\/[\w./-]+/,
    version: "1.25",
    fails: false,
    now: { en: "Images are at registry.k8s.io now.", ko: "이미지는 이제 registry.k8s.io에 있습니다." },
  },
  {
    word: /[\w/.:-]*\/dockershim\.sock\b/,
    version: "1.24",
    fails: true,
    now: {
      en: "dockershim is gone; containerd listens on /run/containerd/containerd.sock.",
      ko: "dockershim은 제거되었습니다. containerd의 소켓은 /run/containerd/containerd.sock입니다.",
    },
  },
  {
    word: /^--dry-run(=true)?$/,
    program: /^kubectl$/,
    version: "1.18",
    fails: false,
    now: { en: "Write --dry-run=client or --dry-run=server.", ko: "--dry-run=client나 --dry-run=server로 쓰세요." },
  },
  {
    word: /^(psp|podsecuritypolic(y|ies)(\.policy)?)(\/.*)?$/i,
    program: /^kubectl$/,
    version: "1.25",
    fails: true,
    now: {
      en: "Pod Security admission took its place: label the namespace pod-security.kubernetes.io/enforce.",
      ko:
        "파드 시큐리티 어드미션으로 바뀌었습니다. 네임스페이스에 pod-security.kubernetes.io/enforce 레이블을 붙이세요.",
    },
  },
  {
    word: /^(cs|componentstatus(es)?)$/,
    program: /^kubectl$/,
    version: "1.19",
    fails: false,
    now: {
      en: "Ask the server itself: kubectl get --raw '/readyz?verbose'.",
      ko: "kubectl get --raw '/readyz?verbose'로 확인하세요.",
    },
  },
  {
    word: /^(secrets?\/)?[a-z][\w-]*-token-[a-z0-9]{5}$/,
    program: /^kubectl$/,
    version: "1.24",
    fails: false,
    now: {
      en: "ServiceAccounts have no Secret by themselves any more: kubectl create token NAME.",
      ko: "서비스어카운트의 시크릿은 이제 자동으로 생기지 않습니다. kubectl create token NAME을 사용하세요.",
    },
  },
  {
    word: /[\w/:.]*(apt|yum)\.kubernetes\.io[\w/.-]*|[\w/:.]*packages\.cloud\.google\.com\/(apt|yum)[\w/.-]*/,
    program: /./,
    version: "1.28",
    fails: true,
    now: { en: "Packages are at pkgs.k8s.io now.", ko: "패키지는 이제 pkgs.k8s.io에 있습니다." },
  },
  {
    word: /^--(network-plugin|cni-bin-dir|cni-conf-dir|docker-endpoint)(=.*)?$/,
    program: /^kubelet$/,
    version: "1.24",
    fails: true,
    now: {
      en: "The container runtime sets the network up; this flag went with dockershim.",
      ko: "네트워크는 컨테이너 런타임이 구성합니다. 이 플래그는 dockershim과 함께 제거되었습니다.",
    },
  },
];

/** Habits that several words together show. */
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
];
