/** What may change in a pod, and what its subresources may change. */
import assert from "node:assert/strict";
import {
  appArmorProfileOf,
  gracePeriod,
  prepareForCreate,
  prepareForResize,
  prepareForStatusUpdate,
} from "../../../../cluster/memory/kinds/core/pod/strategy.ts";
import { validatePodStatusUpdate } from "../../../../cluster/memory/kinds/core/pod/validation/status.ts";
import {
  validateEphemeralContainersUpdate,
  validateResize,
} from "../../../../cluster/memory/kinds/core/pod/validation/subresources.ts";
import { validatePodUpdate } from "../../../../cluster/memory/kinds/core/pod/validation/update.ts";
import type { FieldError } from "../../../../cluster/memory/kinds/field_error.ts";
import type { Pod } from "../../../../cluster/memory/kinds/schema/types.ts";
import { container, type PodDraft, testPod } from "./pod.ts";

type Change = (pod: PodDraft) => void;
type Validate = (pod: Pod, old: Pod) => FieldError[];

const texts = (errors: readonly FieldError[]) => errors.map(({ field, message }) => `${field}: ${message}`);

function changed(validate: Validate, change: Change, make: Change = () => {}): string[] {
  const next = testPod((pod) => {
    make(pod);
    change(pod);
  });
  return texts(validate(next as Pod, testPod(make) as Pod));
}
const update = (change: Change, make?: Change) => changed(validatePodUpdate, change, make);

const UPDATABLE =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";

Deno.test("images, tolerations and labels may change", () => {
  assert.deepEqual(update((pod) => void (pod.spec.containers[0].image = "nginx:1.28")), []);
  assert.deepEqual(update((pod) => void (pod.spec.tolerations = [{ key: "a", operator: "Exists" }])), []);
  assert.deepEqual(update((pod) => void (pod.metadata.labels = { a: "b" })), []);
  assert.deepEqual(update((pod) => void (pod.spec.activeDeadlineSeconds = 5)), []);
});

Deno.test("the rest may not, and the message shows the difference", () => {
  assert.deepEqual(update((pod) => void (pod.spec.restartPolicy = "Never")), [
    `${UPDATABLE}@@ -35,7 +35,7 @@\n   }\n  ],\n  "EphemeralContainers": null,\n- "RestartPolicy": "Always",\n` +
    `+ "RestartPolicy": "Never",\n  "TerminationGracePeriodSeconds": 30,\n  "ActiveDeadlineSeconds": null,\n` +
    `  "DNSPolicy": "ClusterFirst",\n`,
  ]);
});

Deno.test("containers stay the same number", () => {
  assert.deepEqual(update((pod) => void pod.spec.containers.push(container({ name: "b" }))), [
    "spec.containers: Forbidden: pod updates may not add or remove containers",
  ]);
});

Deno.test("a deadline only comes nearer", () => {
  const deadline = (seconds: number): Change => (pod) => void (pod.spec.activeDeadlineSeconds = seconds);
  assert.deepEqual(update(deadline(5), deadline(9)), []);
  assert.deepEqual(update(deadline(9), deadline(5)), [
    "spec.activeDeadlineSeconds: Invalid value: 9: must be less than or equal to previous value",
  ]);
  assert.deepEqual(update((pod) => delete pod.spec.activeDeadlineSeconds, deadline(5)), [
    "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
  ]);
});

Deno.test("tolerations stay, but may last for another time", () => {
  const toleration = { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 };
  const make: Change = (pod) => void (pod.spec.tolerations = [toleration]);
  assert.deepEqual(update((pod) => void (pod.spec.tolerations = [{ ...toleration, tolerationSeconds: 9 }]), make), []);
  assert.deepEqual(update((pod) => void (pod.spec.tolerations = []), make), [
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ]);
});

Deno.test("a gated pod's nodes become fewer, and its gates too", () => {
  const gated: Change = (pod) => {
    pod.spec.schedulingGates = [{ name: "a.com/gate" }];
    pod.spec.nodeSelector = { disk: "ssd" };
  };
  assert.deepEqual(update((pod) => void (pod.spec.nodeSelector!.zone = "a"), gated), []);
  assert.deepEqual(update((pod) => delete pod.spec.schedulingGates, gated), []);
  assert.deepEqual(update((pod) => void (pod.spec.nodeSelector = { disk: "hdd" }), gated), [
    'spec.nodeSelector: Invalid value: {"disk":"hdd"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
  ]);
  assert.deepEqual(update((pod) => void pod.spec.schedulingGates!.push({ name: "b.com/gate" }), gated), [
    "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b.com/gate'",
  ]);
});

Deno.test("ephemeral containers are added, never changed", () => {
  const debug = (image: string): Change => (pod) =>
    void (pod.spec.ephemeralContainers = [{ name: "debug", image, resources: {} }]);
  const check = (change: Change, make?: Change) => changed(validateEphemeralContainersUpdate, change, make);
  assert.deepEqual(check(debug("busybox:1")), []);
  assert.deepEqual(check((pod) => delete pod.spec.ephemeralContainers, debug("busybox:1")), [
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed\n',
  ]);
  const [text] = check(debug("busybox:2"), debug("busybox:1"));
  assert.match(
    text,
    /^spec\.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be changed\n@@/,
  );
  assert.match(text, /\n- "Image": "busybox:1",\n\+ "Image": "busybox:2",\n/);
});

Deno.test("a resize changes cpu and memory, within the pod's class", () => {
  const cpu = (amount: string): Change => (pod) =>
    void (pod.spec.containers[0].resources = { requests: { cpu: amount } });
  const check = (change: Change, make?: Change) => changed(validateResize, change, make);
  assert.deepEqual(check(cpu("2"), cpu("1")), []);
  assert.deepEqual(check(cpu("2")), [
    'spec: Invalid value: "": Pod QOS Class may not change as a result of resizing',
  ]);
  const both: Change = (pod) => void (pod.spec.containers[0].resources = { requests: { cpu: "1", memory: "1Gi" } });
  assert.deepEqual(check(cpu("1"), both), [
    "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
  ]);
});

Deno.test("a resize keeps all but the resources", () => {
  const old = testPod();
  const next = testPod((pod) => {
    pod.spec.containers[0].image = "other";
    pod.spec.containers[0].resources = { requests: { cpu: "1" } };
  });
  prepareForResize(next, old);
  assert.equal(next.spec.containers[0].image, old.spec.containers[0].image);
  assert.deepEqual(next.spec.containers[0].resources, { requests: { cpu: "1" } });
});

Deno.test("containers that ended do not begin again", () => {
  const ended: Change = (pod) => {
    pod.spec.restartPolicy = "OnFailure";
    const state = { terminated: { exitCode: 0 } };
    pod.status.containerStatuses = [
      { name: "app", image: "x", imageID: "", ready: false, restartCount: 0, state },
    ] as typeof pod.status.containerStatuses;
  };
  const runs: Change = (pod) => void (pod.status.containerStatuses![0].state = { running: {} });
  assert.deepEqual(changed(validatePodStatusUpdate, runs, ended), [
    "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state",
  ]);
  const failed: Change = (pod) => {
    ended(pod);
    pod.status.containerStatuses![0].state!.terminated!.exitCode = 1;
  };
  assert.deepEqual(changed(validatePodStatusUpdate, runs, failed), []);
});

Deno.test("a status says where a pod is in one address of each family", () => {
  const ips = (...list: string[]): Change => (pod) => void (pod.status.podIPs = list.map((ip) => ({ ip })));
  assert.deepEqual(changed(validatePodStatusUpdate, ips("10.0.0.1", "fd00::1")), []);
  assert.deepEqual(changed(validatePodStatusUpdate, ips("10.0.0.1", "10.0.0.2")), [
    'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
  ]);
});

Deno.test("a kubelet that knows nothing of generations does not clear them", () => {
  const old = testPod((pod) => {
    pod.status = {
      observedGeneration: 3,
      qosClass: "BestEffort",
      conditions: [{ type: "Ready", status: "False", observedGeneration: 2 }],
    };
  });
  const next = testPod((pod) => void (pod.status = { conditions: [{ type: "Ready", status: "True" }] }));
  prepareForStatusUpdate(next, old as Pod);
  assert.equal(next.status.observedGeneration, 3);
  assert.equal(next.status.qosClass, "BestEffort");
  assert.equal(next.status.conditions![0].observedGeneration, 2);
});

Deno.test("a new pod is pending, with its class, and says that it is gated", () => {
  const pod = testPod((pod) => {
    pod.metadata.creationTimestamp = "2026-01-01T00:00:00Z";
    pod.spec.schedulingGates = [{ name: "a" }];
    pod.status = { phase: "Running" };
  });
  prepareForCreate(pod);
  const { phase, qosClass, conditions } = pod.status;
  assert.deepEqual([phase, qosClass, conditions![0].reason, conditions![0].lastTransitionTime], [
    "Pending",
    "BestEffort",
    "SchedulingGated",
    "2026-01-01T00:00:00Z",
  ]);
});

Deno.test("label keys of affinity become part of the selector", () => {
  const pod = testPod((pod) => {
    pod.metadata.labels = { app: "web", "pod-template-hash": "abc" };
    pod.spec.affinity = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "zone", labelSelector: {}, matchLabelKeys: ["pod-template-hash"], mismatchLabelKeys: ["app"] },
        ],
      },
    };
  });
  prepareForCreate(pod);
  const [term] = pod.spec.affinity!.podAntiAffinity!.requiredDuringSchedulingIgnoredDuringExecution!;
  assert.deepEqual(term.labelSelector!.matchExpressions, [
    { key: "pod-template-hash", operator: "In", values: ["abc"] },
    { key: "app", operator: "NotIn", values: ["web"] },
  ]);
});

Deno.test("an AppArmor annotation becomes the field", () => {
  const pod = testPod((pod) => {
    pod.metadata.annotations = { "container.apparmor.security.beta.kubernetes.io/app": "localhost/mine" };
  });
  prepareForCreate(pod);
  assert.deepEqual(pod.spec.containers[0].securityContext, {
    appArmorProfile: { type: "Localhost", localhostProfile: "mine" },
  });
  assert.equal(appArmorProfileOf("localhost/"), undefined);
});

Deno.test("only a pod that a kubelet has takes its time to end", () => {
  const pod = (nodeName: string, phase: string, seconds = 30) =>
    ({ spec: { nodeName, terminationGracePeriodSeconds: seconds }, status: { phase } }) as Pod;
  assert.equal(gracePeriod(pod("n", "Running"), undefined), 30);
  assert.equal(gracePeriod(pod("n", "Running"), 5), 5);
  assert.equal(gracePeriod(pod("n", "Running"), 0), 0);
  assert.equal(gracePeriod(pod("n", "Running"), -3), 1);
  assert.equal(gracePeriod(pod("", "Pending"), 5), 0);
  assert.equal(gracePeriod(pod("n", "Succeeded"), undefined), 0);
});
