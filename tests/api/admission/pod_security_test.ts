import assert from "node:assert/strict";
import { describeViolations, violations } from "../../../cluster/memory/api/admission/pod_security/evaluate.ts";
import {
  describeLevel,
  type LevelVersion,
  policyOf,
} from "../../../cluster/memory/api/admission/pod_security/policy.ts";
import type { Container, PodSpec } from "../../../cluster/memory/kinds/schema/types.ts";

const BASELINE: LevelVersion = { level: "baseline", version: "latest" };
const RESTRICTED: LevelVersion = { level: "restricted", version: "latest" };

const container = (more: Partial<Container> = {}): Container => ({ name: "a", resources: {}, ...more } as Container);
const spec = (more: Partial<PodSpec>): PodSpec => ({ containers: [container()], ...more } as PodSpec);
const told = (level: LevelVersion, pod: PodSpec, annotations?: Record<string, string>) =>
  describeViolations(violations(level, pod, { annotations }));

const SAFE = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

Deno.test("privileged allows everything", () => {
  assert.equal(told({ level: "privileged", version: "latest" }, spec({ hostPID: true })), "");
});

Deno.test("baseline: each check names what it found", async (t) => {
  const cases: [string, PodSpec, string][] = [
    ["nothing special", spec({}), ""],
    ["host namespaces", spec({ hostNetwork: true, hostIPC: true }), "host namespaces (hostNetwork=true, hostIPC=true)"],
    [
      "privileged",
      spec({ containers: [container({ securityContext: { privileged: true } })] }),
      'privileged (container "a" must not set securityContext.privileged=true)',
    ],
    [
      "capabilities of two containers",
      spec({
        initContainers: [container({ name: "i", securityContext: { capabilities: { add: ["NET_ADMIN", "CHOWN"] } } })],
        containers: [container({ securityContext: { capabilities: { add: ["SYS_TIME"] } } })],
      }),
      'non-default capabilities (containers "i", "a" must not include "NET_ADMIN", "SYS_TIME" in securityContext.capabilities.add)',
    ],
    ["host path", spec({ volumes: [{ name: "v", hostPath: { path: "/" } }] }), 'hostPath volumes (volume "v")'],
    [
      "host ports",
      spec({
        containers: [container({ ports: [{ containerPort: 1, hostPort: 80 }, { containerPort: 2, hostPort: 443 }] })],
      }),
      'hostPort (container "a" uses hostPorts 443, 80)',
    ],
    [
      "probe host",
      spec({ containers: [container({ livenessProbe: { httpGet: { port: 1, host: "10.0.0.1" } } })] }),
      'probe or lifecycle host (container "a" uses probe or lifecycle host "10.0.0.1")',
    ],
    [
      "SELinux",
      spec({ securityContext: { seLinuxOptions: { type: "spc_t", user: "u" } } }),
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
    ],
    [
      "seccomp",
      spec({ containers: [container({ securityContext: { seccompProfile: { type: "Unconfined" } } })] }),
      'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      "sysctls",
      spec({
        securityContext: {
          sysctls: [{ name: "kernel.msgmax", value: "1" }, { name: "net.ipv4.tcp_rmem", value: "1" }],
        },
      }),
      "forbidden sysctls (kernel.msgmax)",
    ],
    [
      "host process",
      spec({ securityContext: { windowsOptions: { hostProcess: true } } }),
      "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)",
    ],
  ];
  for (const [name, pod, expected] of cases) await t.step(name, () => assert.equal(told(BASELINE, pod), expected));
});

Deno.test("restricted: a plain pod violates four checks, in the order of their ids", () => {
  assert.equal(
    told(RESTRICTED, spec({})),
    'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), ' +
      'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), ' +
      'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), ' +
      'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  );
});

Deno.test("restricted: a safe pod passes, and loses by each thing it changes", () => {
  const safe = (more: object) => spec({ containers: [container({ securityContext: { ...SAFE, ...more } })] });
  assert.equal(told(RESTRICTED, safe({})), "");
  assert.match(told(RESTRICTED, safe({ runAsUser: 0 })), /^runAsUser=0 \(container "a" must not set runAsUser=0\)$/);
  assert.match(told(RESTRICTED, safe({ runAsNonRoot: false })), /^runAsNonRoot != true \(container "a" must not set/);
  assert.match(told(RESTRICTED, safe({ capabilities: { drop: ["ALL"], add: ["KILL"] } })), /must not include "KILL"/);
  const volumes = { ...safe({}), volumes: [{ name: "n", nfs: { server: "s", path: "/" } }] };
  assert.equal(
    told(RESTRICTED, volumes),
    'restricted volume types (volume "n" uses restricted volume type "nfs")',
  );
});

Deno.test("a check counts from its version on, and windows pods are excused", () => {
  const probe = spec({ containers: [container({ livenessProbe: { tcpSocket: { port: 1, host: "h" } } })] });
  assert.equal(told({ level: "baseline", version: 33 }, probe), "");
  assert.notEqual(told({ level: "baseline", version: 34 }, probe), "");
  assert.equal(
    told(RESTRICTED, spec({ os: { name: "windows" }, securityContext: { runAsNonRoot: true } })),
    "",
  );
});

Deno.test("a namespace's labels say the policy, and what they got wrong", () => {
  const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;
  const { policy } = policyOf({ [label("enforce")]: "baseline", [label("enforce-version")]: "v1.30" });
  assert.equal(describeLevel(policy.enforce), "baseline:v1.30");
  assert.equal(describeLevel(policy.warn), "baseline:v1.30", "warns of what it enforces, unless said");

  const wrong = policyOf({ [label("enforce")]: "strict", [label("warn-version")]: "1.30" });
  assert.equal(describeLevel(wrong.policy.enforce), "restricted:latest");
  assert.equal(describeLevel(wrong.policy.warn), "privileged:latest");
  assert.deepEqual(wrong.errors.map(({ field, message }) => `${field}: ${message}`), [
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
    'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"',
  ]);
});
