/**
 * The controllers: what brings the cluster from the state it is in to the state it should be in.
 *
 * Each has the name, and the identity, that it has in Kubernetes' controller manager. Any subset can run.
 *
 * Source: `cmd/kube-controller-manager/names/controller_names.go`.
 */
import type { Client } from "../api/client.ts";
import type { Informers } from "../api/informer.ts";
import type { Clock } from "../clock.ts";
import { startKubernetesService } from "./bootstrap/kubernetes_service.ts";
import { startBootstrapSigner } from "./bootstrap/signer.ts";
import { startTokenCleaner } from "./bootstrap/token_cleaner.ts";
import { startCsrApprover } from "./certificates/approver.ts";
import { startCsrCleaner } from "./certificates/cleaner.ts";
import { startRootCaPublisher } from "./certificates/root_ca_publisher.ts";
import { startCsrSigner } from "./certificates/signer.ts";
import { startClusterRoleAggregation } from "./clusterroleaggregation/mod.ts";
import { type Controller, isConflict, type StartController } from "./controller.ts";
import { startCronJobController } from "./cronjob/mod.ts";
import { startDaemonSetController } from "./daemon/mod.ts";
import { startDeploymentController } from "./deployment/mod.ts";
import { startDisruptionController } from "./disruption/mod.ts";
import { startEndpointController } from "./endpoint/mod.ts";
import { startEndpointSliceController } from "./endpointslice/mod.ts";
import { startEndpointSliceMirroring } from "./endpointslicemirroring/mod.ts";
import { startFlowSchemaStatus } from "./flowcontrol/mod.ts";
import { startGarbageCollector } from "./garbagecollector/mod.ts";
import { startJobController } from "./job/mod.ts";
import { startNamespaceController } from "./namespace/mod.ts";
import { startNodeIpam } from "./nodeipam/mod.ts";
import { startNodeLifecycleController } from "./nodelifecycle/mod.ts";
import type { ControllerOptions } from "./options.ts";
import { startEphemeralVolumes } from "./persistentvolume/ephemeral.ts";
import { startVolumeExpander } from "./persistentvolume/expand.ts";
import { startLocalPathProvisioner } from "./persistentvolume/local_path_provisioner.ts";
import { startPersistentVolumeBinder } from "./persistentvolume/mod.ts";
import { startClaimProtection, startVolumeProtection } from "./persistentvolume/protection.ts";
import { startHorizontalPodAutoscaler } from "./podautoscaler/mod.ts";
import { startPodGarbageCollector } from "./podgc/mod.ts";
import { startReplicaSetController, startReplicationController } from "./replicaset/mod.ts";
import { startResourceClaimController } from "./resourceclaim/mod.ts";
import { startResourceQuotaController } from "./resourcequota/mod.ts";
import { startServiceController } from "./service/load_balancer.ts";
import { startServiceAccountController } from "./serviceaccount/mod.ts";
import { startServiceCidrController } from "./servicecidrs/mod.ts";
import { startTokensController } from "./serviceaccount/tokens.ts";
import { startStatefulSetController } from "./statefulset/mod.ts";
import { startTaintEvictionController } from "./tainteviction/mod.ts";
import { startTtlController } from "./ttl/mod.ts";
import { startTtlAfterFinishedController } from "./ttlafterfinished/mod.ts";
import { startPolicyStatusController } from "./validatingadmissionpolicystatus/mod.ts";

/** A controller that can be started: its name, who it is, and how it starts. */
interface Entry {
  readonly name: string;
  readonly user: string;
  readonly start: StartController;
}

/** The controller manager itself, for what it does before it has service accounts. */
const CONTROLLER_MANAGER = "system:kube-controller-manager";

/** @param account the name of its service account in kube-system; of the API server itself it is none */
const entry = (name: string, account: string | undefined, start: StartController): Entry => ({
  name,
  user: account === undefined ? "system:apiserver" : `system:serviceaccount:kube-system:${account}`,
  start,
});

const ENTRIES = [
  { name: "serviceaccount-token-controller", user: CONTROLLER_MANAGER, start: startTokensController },
  entry("serviceaccount-controller", "service-account-controller", startServiceAccountController),
  entry("root-ca-certificate-publisher-controller", "root-ca-cert-publisher", startRootCaPublisher),
  entry("bootstrap-signer-controller", "bootstrap-signer", startBootstrapSigner),
  entry("token-cleaner-controller", "token-cleaner", startTokenCleaner),
  entry("kubernetes-service-controller", undefined, startKubernetesService),
  entry("priority-and-fairness-config-controller", undefined, startFlowSchemaStatus),
  entry("namespace-controller", "namespace-controller", startNamespaceController),
  entry("garbage-collector-controller", "generic-garbage-collector", startGarbageCollector),
  entry("deployment-controller", "deployment-controller", startDeploymentController),
  entry("replicaset-controller", "replicaset-controller", startReplicaSetController),
  entry("replicationcontroller-controller", "replication-controller", startReplicationController),
  entry("daemonset-controller", "daemon-set-controller", startDaemonSetController),
  entry("statefulset-controller", "statefulset-controller", startStatefulSetController),
  entry("job-controller", "job-controller", startJobController),
  entry("cronjob-controller", "cronjob-controller", startCronJobController),
  entry("ttl-after-finished-controller", "ttl-after-finished-controller", startTtlAfterFinishedController),
  entry("endpoints-controller", "endpoint-controller", startEndpointController),
  entry("endpointslice-controller", "endpointslice-controller", startEndpointSliceController),
  entry("endpointslice-mirroring-controller", "endpointslicemirroring-controller", startEndpointSliceMirroring),
  entry("service-cidr-controller", "service-cidrs-controller", startServiceCidrController),
  entry("service-lb-controller", "service-controller", startServiceController),
  entry("resourceclaim-controller", "resource-claim-controller", startResourceClaimController),
  entry("resourcequota-controller", "resourcequota-controller", startResourceQuotaController),
  entry("disruption-controller", "disruption-controller", startDisruptionController),
  entry("horizontal-pod-autoscaler-controller", "horizontal-pod-autoscaler", startHorizontalPodAutoscaler),
  entry("node-ipam-controller", "node-controller", startNodeIpam),
  entry("node-lifecycle-controller", "node-controller", startNodeLifecycleController),
  entry("taint-eviction-controller", "node-controller", startTaintEvictionController),
  entry("ttl-controller", "ttl-controller", startTtlController),
  entry("pod-garbage-collector-controller", "pod-garbage-collector", startPodGarbageCollector),
  entry("persistentvolume-binder-controller", "persistent-volume-binder", startPersistentVolumeBinder),
  entry("ephemeral-volume-controller", "ephemeral-volume-controller", startEphemeralVolumes),
  entry("persistentvolume-expander-controller", "expand-controller", startVolumeExpander),
  entry("local-path-provisioner", "persistent-volume-binder", startLocalPathProvisioner),
  entry("persistentvolumeclaim-protection-controller", "pvc-protection-controller", startClaimProtection),
  entry("persistentvolume-protection-controller", "pv-protection-controller", startVolumeProtection),
  entry("certificatesigningrequest-approving-controller", "certificate-controller", startCsrApprover),
  entry("certificatesigningrequest-signing-controller", "certificate-controller", startCsrSigner),
  entry("certificatesigningrequest-cleaner-controller", "certificate-controller", startCsrCleaner),
  entry(
    "validatingadmissionpolicy-status-controller",
    "validatingadmissionpolicy-status-controller",
    startPolicyStatusController,
  ),
  entry("clusterrole-aggregation-controller", "clusterrole-aggregation-controller", startClusterRoleAggregation),
] as const;

/** Every controller's name, in the order in which they start. */
export const controllerNames: readonly string[] = ENTRIES.map(({ name }) => name);

export interface StartOptions {
  /** A client that acts as the user of this name, "system:serviceaccount:kube-system:deployment-controller". */
  readonly clientFor: (user: string) => Client;
  /** Shared with other components; started here, once every controller has registered. */
  readonly informers: Informers;
  readonly clock: Clock;
  /** Told of what failed, and in which controller; nothing of it is fatal. */
  readonly report: (controller: string, error: unknown) => void;
  readonly options?: ControllerOptions;
  /** The names of those to start; all unless given. */
  readonly names?: readonly string[];
}

/** The controllers that run. */
export interface RunningControllers {
  readonly names: ReadonlySet<string>;
  stop(): void;
}

/**
 * Starts controllers. They begin to work when all informers know what is there, which is when this resolves.
 *
 * @throws when a name is not a controller's
 */
export async function startControllers(start: StartOptions): Promise<RunningControllers> {
  const { clientFor, informers, clock, report, options = {}, names = controllerNames } = start;
  const unknown = names.filter((name) => !controllerNames.includes(name));
  if (unknown.length > 0) {
    throw new Error(`unknown controllers: ${unknown.join(", ")}; there are ${controllerNames.join(", ")}`);
  }
  const { promise: synced, resolve } = Promise.withResolvers<void>();
  const running: Controller[] = [];
  for (const { name, user, start } of ENTRIES) {
    if (!names.includes(name)) continue;
    const context = {
      client: clientFor(user),
      informers,
      clock,
      synced,
      options,
      // Somebody else wrote first: the next try sees it. That is how it is meant to be.
      report: (error: unknown) => isConflict(error) ? undefined : report(name, error),
    };
    running.push(start(context));
  }
  await informers.start();
  resolve();
  return {
    names: new Set(names),
    stop() {
      for (const controller of running) controller.stop();
    },
  };
}
