/** Words in commands and manifests that newer versions of Kubernetes no longer know. See `changes.ts`. */
import type { WordChange } from "./changes.ts";
import { STORAGE_CHANGES } from "./storage.ts";

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
  label("service.alpha.kubernetes.io/tolerate-unready-endpoints", "spec.publishNotReadyAddresses", "1.11"),
  {
    word: /(?<![\w.-])container\.seccomp\.security\.alpha\.kubernetes\.io\/[\w.-]+/,
    version: "1.27",
    fails: false,
    now: { en: "It is securityContext.seccompProfile now.", ko: "이제 securityContext.seccompProfile입니다." },
  },
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
  {
    word: /^(kubelet|kubeadm|kubectl)=1\.\d+\.\d+-0\d$/,
    program: /^(apt|apt-get|apt-mark)$/,
    version: "1.28",
    fails: true,
    now: {
      en: "Packages of pkgs.k8s.io are called 1.36.0-1.1, and no longer -00.",
      ko: "pkgs.k8s.io의 패키지 버전은 -00이 아니라 1.36.0-1.1 형식입니다.",
    },
  },
  {
    word: /--container-runtime=(docker|remote)\b/,
    version: "1.27",
    fails: true,
    now: {
      en: "Only --container-runtime-endpoint is left.",
      ko: "--container-runtime-endpoint만 남았습니다.",
    },
  },
  {
    word: /--cloud-provider=(aws|azure|gce|openstack|vsphere)\b/,
    version: "1.31",
    fails: true,
    now: {
      en: "Cloud providers are programs of their own: --cloud-provider=external.",
      ko: "클라우드 프로바이더는 별도 프로그램이 되었습니다. --cloud-provider=external을 사용하세요.",
    },
  },
  {
    word: /--insecure-(port|bind-address)\b/,
    version: "1.24",
    fails: true,
    now: { en: "The API is served with TLS only.", ko: "API는 TLS로만 제공됩니다." },
  },
  {
    word: /--basic-auth-file\b/,
    version: "1.19",
    fails: true,
    now: {
      en: "Use certificates, ServiceAccounts or OpenID Connect.",
      ko: "인증서, 서비스어카운트, OpenID Connect를 사용하세요.",
    },
  },
  {
    word: /(?<=--enable-admission-plugins=\S*)\bPodSecurityPolicy\b/,
    version: "1.25",
    fails: true,
    now: { en: "Pod Security admission took its place.", ko: "파드 시큐리티 어드미션으로 바뀌었습니다." },
  },
  {
    word: /^--experimental-(control-plane|upload-certs)$/,
    program: /^kubeadm$/,
    version: "1.16",
    fails: true,
    now: { en: "Write --control-plane, --upload-certs.", ko: "--control-plane, --upload-certs로 쓰세요." },
  },
  ...STORAGE_CHANGES,
];
