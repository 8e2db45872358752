/** Rules of pods, each with what breaks it and what Kubernetes says: "path: message". */
import assert from "node:assert/strict";
import { validatePod } from "../../../../cluster/memory/kinds/core/pod/validation/pod.ts";
import type { Pod } from "../../../../cluster/memory/kinds/schema/types.ts";
import { container, type PodDraft, testPod } from "./pod.ts";

type Rule = readonly [name: string, change: (pod: PodDraft) => void, ...errors: string[]];

const volume = (source: object) => (pod: PodDraft) => void (pod.spec.volumes = [{ name: "v", ...source }]);
const app = (more: object) => (pod: PodDraft) => void Object.assign(pod.spec.containers[0], more);
const spec = (more: object) => (pod: PodDraft) => void Object.assign(pod.spec, more);
const C0 = "spec.containers[0]";
const V0 = "spec.volumes[0]";

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const RULES: readonly Rule[] = [
  ["a pod that is right", () => {}],
  [
    "two sources",
    volume({ hostPath: { path: "/a" }, nfs: { server: "s", path: "/" } }),
    `${V0}.nfs: Forbidden: may not specify more than 1 volume type`,
  ],
  ["a secret without a name", volume({ secret: {} }), `${V0}.secret.secretName: Required value`],
  [
    "a mode beyond octal 777",
    volume({ configMap: { name: "c", defaultMode: 512 } }),
    `${V0}.configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive`,
  ],
  [
    "a path that leads upwards",
    volume({ configMap: { name: "c", items: [{ key: "k", path: "../k" }] } }),
    `${V0}.configMap.items[0].path: Invalid value: "../k": must not contain '..'`,
  ],
  [
    "a token that expires at once, without a ServiceAccount",
    volume({ projected: { sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 1 } }] } }),
    `${V0}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes`,
    `${V0}.projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set`,
  ],
  [
    "two files at one path",
    volume({
      projected: {
        sources: [
          { secret: { name: "s", items: [{ key: "k", path: "p" }] } },
          { configMap: { name: "c", items: [{ key: "k", path: "p" }] } },
        ],
      },
    }),
    `${V0}.projected: Invalid value: "c": conflicting duplicate paths`,
  ],
  [
    "a file of the downward API about a field that volumes do not have",
    volume({ downwardAPI: { items: [{ path: "p", fieldRef: { fieldPath: "status.podIP" } }] } }),
    `${V0}.downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`,
  ],
  [
    "a claim without a size",
    volume({ ephemeral: { volumeClaimTemplate: { metadata: {}, spec: { accessModes: ["ReadWriteOnce"] } } } }),
    `${V0}.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value`,
  ],
  [
    "iSCSI of another kind",
    volume({ iscsi: { targetPortal: "p", iqn: "wwn.1", lun: 0 } }),
    `${V0}.iscsi.iqn: Invalid value: "wwn.1": must be valid format starting with iqn, eui, or naa`,
  ],
  [
    "a disk's partition",
    volume({ gcePersistentDisk: { pdName: "d", partition: 256 } }),
    `${V0}.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive`,
  ],
  [
    "a driver's name",
    volume({ csi: { driver: "a_b" } }),
    `${V0}.csi.driver: Invalid value: "a_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ],
  [
    "a mount that hides another",
    (pod) => {
      volume({ emptyDir: {} })(pod);
      pod.spec.containers[0].volumeMounts = [{ name: "v", mountPath: "/a" }, { name: "v", mountPath: "/a" }];
    },
    `${C0}.volumeMounts[1].mountPath: Invalid value: "/a": must be unique`,
  ],
  [
    "a device of a volume that is none",
    (pod) => {
      volume({ emptyDir: {} })(pod);
      pod.spec.containers[0].volumeDevices = [{ name: "v", devicePath: "/dev/a" }];
    },
    `${C0}.volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
  ],
  [
    "mounts that spread to the node",
    (pod) => {
      volume({ emptyDir: {} })(pod);
      pod.spec.containers[0].volumeMounts = [{ name: "v", mountPath: "/a", mountPropagation: "Bidirectional" }];
    },
    `${C0}.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`,
  ],
  [
    "a variable with two sources",
    app({
      env: [{
        name: "A",
        valueFrom: { secretKeyRef: { name: "s", key: "k" }, fieldRef: { fieldPath: "metadata.name" } },
      }],
    }),
    `${C0}.env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time`,
  ],
  [
    "a variable with an equals sign",
    app({ env: [{ name: "A=B" }] }),
    `${C0}.env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`,
  ],
  [
    "a field that pods do not have",
    app({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.foo" } } }] }),
    `${C0}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo`,
  ],
  ["a label by key", app({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }] })],
  [
    "a divisor of cpus",
    app({ env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "10m" } } }] }),
    `${C0}.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
  ],
  [
    "variables from nowhere",
    app({ envFrom: [{}] }),
    `${C0}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``,
  ],
  [
    "a variable from a file that is not in an empty directory",
    (pod) => {
      volume({ hostPath: { path: "/a" } })(pod);
      app({ env: [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "v", key: "K", path: "f" } } }] })(pod);
    },
    `${C0}.env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir`,
  ],
  [
    "a request above its limit",
    app({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
    `${C0}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`,
  ],
  [
    "half a device",
    app({ resources: { limits: { "a.com/gpu": "500m" } } }),
    `${C0}.resources.limits[a.com/gpu]: Invalid value: "500m": must be an integer`,
    `${C0}.resources.requests[a.com/gpu]: Invalid value: "500m": must be an integer`,
  ],
  [
    "huge pages alone",
    app({ resources: { limits: { "hugepages-2Mi": "4Mi" } } }),
    `${C0}.resources: Forbidden: HugePages require cpu or memory`,
  ],
  [
    "part of a huge page",
    app({ resources: { limits: { "hugepages-2Mi": "3Mi", cpu: "1" } } }),
    `${C0}.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
    `${C0}.resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
  ],
  [
    "a resource that nobody knows",
    app({ resources: { limits: { disk: "1" } } }),
    `${C0}.resources.limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified`,
    `${C0}.resources.limits[disk]: Invalid value: "disk": must be a standard resource for containers`,
    `${C0}.resources.requests[disk]: Invalid value: "disk": must be a standard resource type or fully qualified`,
    `${C0}.resources.requests[disk]: Invalid value: "disk": must be a standard resource for containers`,
  ],
  [
    "a claim that the pod does not make",
    app({ resources: { claims: [{ name: "gpu" }] } }),
    `${C0}.resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty`,
  ],
  [
    "a claim of nothing",
    spec({ resourceClaims: [{ name: "gpu" }] }),
    `spec.resourceClaims[0]: Invalid value: {"Name":"gpu","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: \`resourceClaimName\`, \`resourceClaimTemplateName\``,
  ],
  [
    "containers that ask for more than the pod",
    (pod) => {
      pod.spec.resources = { requests: { cpu: "1" }, limits: { cpu: "4" } };
      app({ resources: { requests: { cpu: "2" } } })(pod);
    },
    `spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2`,
  ],
  [
    "a probe of a port by number 0",
    app({ livenessProbe: { tcpSocket: { port: 0 } } }),
    `${C0}.livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
  ],
  [
    "liveness after two successes",
    app({ livenessProbe: { exec: { command: ["x"] }, successThreshold: 2 } }),
    `${C0}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
  ],
  [
    "readiness with a grace period",
    app({ readinessProbe: { exec: { command: ["x"] }, terminationGracePeriodSeconds: 5 } }),
    `${C0}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes`,
  ],
  [
    "a header with a blank",
    app({ startupProbe: { httpGet: { port: 80, httpHeaders: [{ name: "X Y", value: "" }] } } }),
    `${C0}.startupProbe.httpGet.httpHeaders: Invalid value: "X Y": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
  ],
  [
    "a sleep longer than the grace period",
    app({ lifecycle: { preStop: { sleep: { seconds: 60 } } } }),
    `${C0}.lifecycle.preStop.sleep: Invalid value: 60: must be non-negative and less than terminationGracePeriodSeconds (30)`,
  ],
  [
    "root that may not become root",
    app({ securityContext: { allowPrivilegeEscalation: false, privileged: true } }),
    `${C0}.securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
  ],
  [
    "a seccomp profile of nowhere",
    app({ securityContext: { seccompProfile: { type: "Localhost" } } }),
    `${C0}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
  ],
  [
    "an AppArmor profile that nobody knows",
    spec({ securityContext: { appArmorProfile: { type: "x" } } }),
    `spec.securityContext.appArmorProfile.type: Unsupported value: "x": supported values: "Localhost", "RuntimeDefault", "Unconfined"`,
  ],
  [
    "a group of the volumes below zero",
    spec({ securityContext: { fsGroup: -1 } }),
    `spec.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive`,
  ],
  [
    "a sysctl of the node's network",
    spec({ hostNetwork: true, securityContext: { sysctls: [{ name: "net.core.somaxconn", value: "1" }] } }),
    `spec.securityContext.sysctls[0].name: Invalid value: "net.core.somaxconn": may not be specified when 'hostNetwork' is true`,
  ],
  [
    "users of its own on the node's network",
    spec({ hostUsers: false, hostNetwork: true }),
    "spec.hostNetwork: Forbidden: when `hostUsers` is false",
  ],
  [
    "a Linux pod with Windows options",
    spec({ os: { name: "linux" }, securityContext: { windowsOptions: {} } }),
    "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
  ],
  [
    "a Windows pod with Linux options",
    (pod) => {
      spec({ os: { name: "windows" }, hostPID: true })(pod);
      app({ securityContext: { privileged: false } })(pod);
    },
    "spec.hostPID: Forbidden: cannot be set for a windows pod",
    `${C0}.securityContext.privileged: Forbidden: cannot be set for a windows pod`,
  ],
  [
    "a Windows user with a bad name",
    app({ securityContext: { windowsOptions: { runAsUserName: "a/b" } } }),
    `${C0}.securityContext.windowsOptions.runAsUserName: Invalid value: "a/b": runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`,
  ],
  [
    "another operating system",
    spec({ os: { name: "plan9" } }),
    'spec.os: Unsupported value: "plan9": supported values: "linux", "windows"',
  ],
  [
    "node affinity without terms",
    spec({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }),
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
  ],
  [
    "pod affinity without a topology",
    spec({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "" }] } } }),
    "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
    'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
    "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ],
  [
    "a spread that is repeated",
    spec({
      topologySpreadConstraints: [1, 2].map((maxSkew) => ({
        maxSkew,
        topologyKey: "zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: {},
      })),
    }),
    'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"',
  ],
  [
    "domains that do not matter",
    spec({
      topologySpreadConstraints: [{
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "ScheduleAnyway",
        minDomains: 2,
        labelSelector: {},
      }],
    }),
    "spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
  ],
  [
    "a toleration of all for a while",
    spec({ tolerations: [{ operator: "Exists", tolerationSeconds: 5 }] }),
    "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set",
  ],
  [
    "a toleration of numbers",
    spec({ tolerations: [{ key: "a", operator: "Gt", value: "1" }] }),
    'spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
  ],
  [
    "four nameservers",
    spec({ dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.04"] } }),
    'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.04"]: must not have more than 3 nameservers',
    'spec.dnsConfig.nameservers[3]: Invalid value: "1.1.1.04": must not have leading 0s',
  ],
  [
    "a host name twice",
    spec({ hostnameOverride: "a", setHostnameAsFQDN: true }),
    "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
  ],
  [
    "gates that repeat",
    spec({ schedulingGates: [{ name: "a" }, { name: "a" }] }),
    'spec.schedulingGates[1]: Duplicate value: "a"',
  ],
  [
    "a gated pod on a node",
    spec({ schedulingGates: [{ name: "a" }], nodeName: "n" }),
    "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
  ],
  [
    "a preemption policy",
    spec({ preemptionPolicy: "x" }),
    'spec.preemptionPolicy: Unsupported value: "x": supported values: "PreemptLowerPriority", "Never"',
  ],
  [
    "a restart policy",
    spec({ restartPolicy: "Sometimes" }),
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    "rules without a policy",
    app({ restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }] }),
    `${C0}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`,
  ],
  [
    "a resize that restarts what never restarts",
    (pod) => {
      spec({ restartPolicy: "Never" })(pod);
      app({ resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] })(pod);
    },
    `${C0}.resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when pod \`restartPolicy\` is 'Never'`,
  ],
  [
    "an init container that is to be ready",
    (pod) => {
      pod.spec.initContainers = [container({ name: "init", readinessProbe: { exec: { command: ["x"] } } })];
    },
    "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
  ],
  ["a sidecar that is to be ready", (pod) => {
    pod.spec.initContainers = [
      container({ name: "side", restartPolicy: "Always", readinessProbe: { exec: { command: ["x"] } } }),
    ];
  }],
  [
    "an image with blanks",
    app({ image: " nginx " }),
    `${C0}.image: Invalid value: " nginx ": must not have leading or trailing whitespace`,
  ],
  [
    "a mirror of no node's pod",
    (pod) => void (pod.metadata.annotations = { "kubernetes.io/config.mirror": "x" }),
    'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
  ],
  [
    "a cost that is no number",
    (pod) => void (pod.metadata.annotations = { "controller.kubernetes.io/pod-deletion-cost": "+1" }),
    'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+1": must be a 32bit integer',
  ],
  ["profiles that contradict each other", (pod) => {
    pod.metadata.annotations = { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" };
    spec({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } })(pod);
  }, "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match"],
  [
    "all that is wrong at once, in order",
    (pod) => {
      volume({ emptyDir: {} })(pod);
      pod.spec.volumes![0].name = "V";
      app({ name: "A", ports: [{ containerPort: 0 }] })(pod);
      spec({ dnsPolicy: "x" })(pod);
    },
    `${V0}.name: Invalid value: "V": ${LABEL}`,
    `${C0}.name: Invalid value: "A": ${LABEL}`,
    `${C0}.ports[0].containerPort: Required value`,
    'spec.dnsPolicy: Unsupported value: "x": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
  ],
];

for (const [name, change, ...errors] of RULES) {
  Deno.test(`pod: ${name}`, () => {
    const found = validatePod(testPod(change) as Pod).map(({ field, message }) => `${field}: ${message}`);
    assert.deepEqual(found, errors);
  });
}
