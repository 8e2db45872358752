import type { Draft } from "../../kinds/object.ts";
import type { EnvFromSource, EnvVar, Pod, ServiceAccount, VolumeMount } from "../../kinds/schema/types.ts";
import { randomSuffix } from "../names.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse, resourceOf, stored } from "./plugin.ts";

const MIRROR = "kubernetes.io/config.mirror";
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME = "kube-api-access";

/** An hour and seven seconds: the seven tell the token's issuer that the kubelet asked for an hour by default. */
const TOKEN_SECONDS = 3607;

/**
 * Every pod runs as a ServiceAccount, whose token is mounted into its containers.
 *
 * Source: `plugin/pkg/admission/serviceaccount`.
 */
export function serviceAccount({ store, clock }: AdmissionContext): AdmissionPlugin {
  const accountOf = (attributes: Attributes, name: string): ServiceAccount => {
    const found = stored<ServiceAccount>(store, "serviceaccounts", name, attributes.namespace);
    if (found !== undefined) return found;
    const why = `error looking up service account ${attributes.namespace}/${name}: serviceaccount "${name}" not found`;
    throw refuse(attributes, why);
  };
  return {
    name: "ServiceAccount",
    admit(attributes) {
      if (!isPodCreation(attributes)) return;
      const pod = attributes.object as Draft<Pod>;
      if (pod.metadata.annotations?.[MIRROR] !== undefined) return checkMirrorPod(attributes);
      const name = pod.spec.serviceAccountName ||= "default";
      // The deprecated twin of the field follows it.
      pod.spec.serviceAccount = name;
      const account = accountOf(attributes, name);
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) {
        mountToken(pod, () => `${VOLUME}-${randomSuffix(clock)}`);
      }
      if ((pod.spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) {
        pod.spec.imagePullSecrets = account.imagePullSecrets!.map(({ name }) => ({ name }));
      }
    },
    validate(attributes) {
      const creates = isPodCreation(attributes);
      const debugs = attributes.operation === "UPDATE" && resourceOf(attributes) === "pods" &&
        attributes.subresource === "ephemeralcontainers";
      if (!creates && !debugs) return;
      const pod = attributes.object as Pod;
      if (pod.metadata.annotations?.[MIRROR] !== undefined) return creates ? checkMirrorPod(attributes) : undefined;
      const name = pod.spec.serviceAccountName;
      if (!name) {
        throw refuse(attributes, `no service account specified for pod ${attributes.namespace}/${attributes.name}`);
      }
      const account = accountOf(attributes, name);
      if (!limitsSecrets(account)) return;
      const problem = creates
        ? forbiddenSecret(pod, account)
        : forbiddenInContainers("ephemeral container", pod.spec.ephemeralContainers, account);
      if (problem !== undefined) throw refuse(attributes, problem);
    },
  };
}

function isPodCreation(attributes: Attributes): boolean {
  return attributes.operation === "CREATE" && resourceOf(attributes) === "pods" && attributes.subresource === "";
}

/** Static pods' mirrors exist outside the API: what they refer to could not be kept from them. */
function checkMirrorPod(attributes: Attributes): void {
  const { spec } = attributes.object as Pod;
  if (spec.serviceAccountName) throw refuse(attributes, "a mirror pod may not reference service accounts");
  const containers = [...spec.initContainers ?? [], ...spec.containers, ...spec.ephemeralContainers ?? []];
  const usesSecrets =
    containers.some(({ env = [], envFrom = [] }) =>
      env.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom.some(({ secretRef }) => secretRef)
    ) || (spec.imagePullSecrets ?? []).length > 0 || (spec.volumes ?? []).some(({ secret, projected }) =>
      secret || projected?.sources?.some((source) =>
        source.secret
      )
    );
  if (usesSecrets) throw refuse(attributes, "a mirror pod may not reference secrets");
  if ((spec.volumes ?? []).some(({ projected }) => projected?.sources?.some((source) => source.serviceAccountToken))) {
    throw refuse(attributes, "a mirror pod may not use ServiceAccountToken volume projections");
  }
}

function mountToken({ spec }: Draft<Pod>, newName: () => string): void {
  const existing = (spec.volumes ?? []).find(({ name }) => name.startsWith(`${VOLUME}-`))?.name;
  const name = existing ?? newName();
  let mounted = false;
  for (const container of [...spec.initContainers ?? [], ...spec.containers]) {
    if ((container.volumeMounts ?? []).some(({ mountPath }) => mountPath === MOUNT_PATH)) continue;
    const mount: VolumeMount = { name, readOnly: true, mountPath: MOUNT_PATH };
    container.volumeMounts = [...container.volumeMounts ?? [], { ...mount }];
    mounted = true;
  }
  if (existing !== undefined || !mounted) return;
  const sources = [
    { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: {
        items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
      },
    },
  ];
  spec.volumes = [...spec.volumes ?? [], { name, projected: { sources, defaultMode: 0o644 } }];
}

function limitsSecrets({ metadata }: ServiceAccount): boolean {
  const value = metadata.annotations?.["kubernetes.io/enforce-mountable-secrets"];
  return value !== undefined && ["1", "t", "T", "TRUE", "true", "True"].includes(value);
}

/** The first secret of a pod that its account does not list. */
function forbiddenSecret({ spec }: Pod, account: ServiceAccount): string | undefined {
  const listed = new Set((account.secrets ?? []).map(({ name }) => name));
  const name = account.metadata.name;
  for (const { secret } of spec.volumes ?? []) {
    if (secret !== undefined && !listed.has(secret.secretName)) {
      return `volume with secret.secretName="${secret.secretName}" is not allowed because service account ${name} does not reference that secret`;
    }
  }
  const pullable = new Set((account.imagePullSecrets ?? []).map(({ name }) => name));
  const pull = (spec.imagePullSecrets ?? []).findIndex((secret) => !pullable.has(secret.name));
  return forbiddenInContainers("init container", spec.initContainers, account) ??
    forbiddenInContainers("container", spec.containers, account) ??
    (pull < 0
      ? undefined
      : `imagePullSecrets[${pull}].name="${
        spec.imagePullSecrets![pull].name
      }" is not allowed because service account ${name} does not reference that imagePullSecret`);
}

interface WithEnvironment {
  readonly name: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
}

function forbiddenInContainers(
  noun: string,
  containers: readonly WithEnvironment[] = [],
  account: ServiceAccount,
): string | undefined {
  const listed = new Set((account.secrets ?? []).map(({ name }) => name));
  const because = `is not allowed because service account ${account.metadata.name} does not reference that secret`;
  for (const { name, env = [], envFrom = [] } of containers) {
    for (const { name: variable, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef;
      if (secret !== undefined && !listed.has(secret.name)) {
        return `${noun} ${name} with envVar ${variable} referencing secret.secretName="${secret.name}" ${because}`;
      }
    }
    for (const { secretRef } of envFrom) {
      if (secretRef !== undefined && !listed.has(secretRef.name)) {
        return `${noun} ${name} with envFrom referencing secret.secretName="${secretRef.name}" ${because}`;
      }
    }
  }
  return undefined;
}
