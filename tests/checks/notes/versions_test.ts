import assert from "node:assert/strict";
import { checkNote } from "../../../checks/notes/check_note.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { inProcessCluster } from "../../../cluster/in_process.ts";

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function told(cluster: Cluster, text: string, kubernetes?: string): Promise<string[]> {
  const settings = { ignore: [], ...kubernetes === undefined ? {} : { kubernetes } };
  const { findings } = await checkNote("note.md", `\`\`\`\n${text}\n\`\`\``, cluster, { settings });
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}

const FLOW_SCHEMA = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: x}";

const manifest = (apiVersion: string, kind: string) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}`;
const storageClass = (provisioner: string) =>
  `${manifest("storage.k8s.io/v1", "StorageClass")}\nprovisioner: ${provisioner}`;
const annotated = (name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n    ${name}: x`;

Deno.test("a change counts from its version on", options, async (t) => {
  await using cluster = await inProcessCluster();
  const cases: [string, string, string[], string[]][] = [
    ["kubectl drain node01 --delete-local-data", "1.29", [], ["error other-version"]],
    ["kubectl autoscale deploy x --max 3 --cpu-percent=50", "1.33", [], ["warning other-version"]],
    [FLOW_SCHEMA, "1.29", ["warning other-version"], ["error api-version"]],
    ["kubectl run x --image=y --replicas=2", "1.29", ["error other-version"], ["error other-version"]],
    ["kubectl get cs", "1.29", ["warning other-version"], ["warning other-version"]],
    ["etcdctl snapshot restore backup.db", "1.33", [], ["error other-version"]],
    ["kubectl run x --image=y --dry-run=client", "1.29", [], []],
    ["kubectl create deployment x --image=y --replicas=2", "1.29", [], []],
    ["kubectl rolling-update web --image=x", "1.17", [], ["error other-version"]],
    ["kubectl exec web ls", "1.30", ["warning other-version"], ["error other-version"]],
    ["kubectl exec web -- ls", "1.30", [], []],
    ["kubectl get endpoints web", "1.32", [], ["warning other-version"]],
    ["kubectl describe ep", "1.33", ["warning other-version"], ["warning other-version"]],
    ["kubectl delete rs web --cascade=false", "1.19", [], ["warning other-version"]],
    ["kubectl create token build", "1.23", ["warning other-version"], []],
    ["kubectl debug web -it --image=busybox", "1.19", ["warning other-version"], []],
    ["kubectl alpha debug web", "1.19", [], ["error other-version"]],
    ["kubectl top pods --heapster-port=80", "1.19", [], ["error other-version"]],
    ["kubectl get pod web -o yaml --export", "1.17", [], ["error other-version"]],
    ["kubectl apply -f x.yaml --record", "1.21", [], ["warning other-version"]],
    ["kubectl run x --image=y --generator=run-pod/v1", "1.20", [], ["error other-version"]],
    ["kubectl create deployment x --image=y --dry-run -o yaml", "1.17", [], ["warning other-version"]],
    ["kubectl get psp", "1.24", [], ["error other-version"]],
    ["kubectl describe secret build-token-x7k2p", "1.23", [], ["warning other-version"]],
    ["kubectl label node x node-role.kubernetes.io/master=", "1.23", [], ["warning other-version"]],
    ["kubectl taint nodes --all node-role.kubernetes.io/master-", "1.23", [], ["warning other-version"]],
    ["docker ps -f name=k8s_web", "1.23", [], ["error other-version"]],
    ["docker ps", "1.23", [], []],
    ["docker run -d etcd", "1.23", [], []],
    ["sudo apt-get install -y kubelet=1.25.0-00", "1.27", [], ["error other-version"]],
    ["sudo apt-get install -y kubelet=1.36.0-1.1", "1.27", [], []],
    ["kubelet --container-runtime=remote", "1.26", [], ["error other-version"]],
    ["kubelet --cloud-provider=aws", "1.30", [], ["error other-version"]],
    ["kubelet --cloud-provider=external", "1.30", [], []],
    ["kubeadm join x --experimental-control-plane", "1.15", [], ["error other-version"]],
    ["volumes:\n- name: x\n  awsElasticBlockStore: {volumeID: x}", "1.26", [], ["warning other-version"]],
    ["volumes:\n- name: x\n  gcePersistentDisk: {pdName: x}", "1.27", [], ["warning other-version"]],
    ["volumes:\n- name: x\n  gitRepo: {repository: x}", "1.32", [], ["error other-version"]],
    ["volumes:\n- name: x\n  cephfs: {monitors: [x]}", "1.30", [], ["error other-version"]],
    ["volumes:\n- name: rbd\n  emptyDir: {}", "1.30", [], []],
    [storageClass("kubernetes.io/aws-ebs"), "1.26", [], ["warning other-version"]],
    [storageClass("ebs.csi.aws.com"), "1.26", [], []],
    [annotated("seccomp.security.alpha.kubernetes.io/pod"), "1.26", [], ["warning other-version"]],
    [annotated("kubernetes.io/ingress.class"), "1.17", [], ["warning other-version"]],
    [manifest("batch/v1beta1", "CronJob"), "1.24", ["warning other-version"], ["error api-version"]],
    [manifest("extensions/v1beta1", "Deployment"), "1.15", ["warning other-version"], ["error api-version"]],
    [manifest("extensions/v1beta1", "Ingress"), "1.21", ["warning other-version"], ["error api-version"]],
    [manifest("autoscaling/v2beta2", "HorizontalPodAutoscaler"), "1.25", ["warning other-version"], [
      "error api-version",
    ]],
    [manifest("policy/v1beta1", "PodSecurityPolicy"), "1.24", ["warning other-version"], ["error api-version"]],
    [manifest("policy/v1beta1", "PodDisruptionBudget"), "1.24", ["warning other-version"], ["error api-version"]],
    [manifest("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema"), "1.25", ["warning other-version"], [
      "error api-version",
    ]],
    [manifest("storage.k8s.io/v1beta1", "CSIStorageCapacity"), "1.26", ["warning other-version"], [
      "error api-version",
    ]],
    [manifest("settings.k8s.io/v1alpha1", "PodPreset"), "1.19", ["warning other-version"], ["error api-version"]],
    [manifest("kubescheduler.config.k8s.io/v1beta3", "KubeSchedulerConfiguration"), "1.28", ["warning other-version"], [
      "error api-version",
    ]],
    ["kubectl exec web -- cat node-role.kubernetes.io/master", "1.29", [], []],
    ["kubectl get pods -l node-role.kubernetes.io/master-of-ceremonies", "1.29", [], []],
  ];
  for (const [text, version, then, now] of cases) {
    await t.step(text.replaceAll("\n", " "), async () => {
      assert.deepEqual(await told(cluster, text, version), then, version);
      assert.deepEqual(await told(cluster, text), now, "newest");
    });
  }
});
