/**
 * A container's environment: its services, what ConfigMaps and Secrets give, and its own variables, with references.
 *
 * Source: `pkg/kubelet/kubelet_pods.go` (makeEnvironmentVariables), `pkg/kubelet/envvars`.
 */
import type {
  ConfigMap,
  Container as ContainerSpec,
  EnvVar,
  Node,
  Pod,
  Secret,
  Service,
} from "../kinds/schema/types.ts";
import { envFileValue } from "./env_file.ts";
import { fieldValue, resourceValue } from "./downward_api.ts";
import { ContainerStartError } from "./images/image_manager.ts";
import { textOf } from "./runtime/files/entry.ts";
import type { VolumeContent } from "./runtime/runtime.ts";

/** What the kubelet looks up for its pods. */
export interface Sources {
  configMap(namespace: string, name: string): ConfigMap | undefined;
  secret(namespace: string, name: string): Secret | undefined;
  services(namespace: string): readonly Service[];
  node(): Node | undefined;
}

export interface EnvOptions {
  readonly sources: Sources;
  readonly podIP: string;
  readonly hostIP: string;
  /** A volume that the pod has mounted. */
  readonly volume: (name: string) => VolumeContent | undefined;
}

const failure = (message: string) => new ContainerStartError("CreateContainerConfigError", message);

/** @throws {ContainerStartError} when something that it refers to is not there */
export function containerEnv(pod: Pod, container: ContainerSpec, options: EnvOptions): Record<string, string> {
  const { sources } = options;
  const namespace = pod.metadata.namespace!;
  const services = serviceEnv(sources, namespace, pod.spec!.enableServiceLinks !== false);
  const own: Record<string, string> = {};
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef !== undefined) {
      const found = sources.configMap(namespace, configMapRef.name!);
      if (found === undefined && !configMapRef.optional) throw notFound("configmap", configMapRef.name!);
      for (const [key, value] of Object.entries(found?.data ?? {})) own[prefix + key] = value;
    }
    if (secretRef !== undefined) {
      const found = sources.secret(namespace, secretRef.name!);
      if (found === undefined && !secretRef.optional) throw notFound("secret", secretRef.name!);
      for (const [key, value] of Object.entries(found?.data ?? {})) own[prefix + key] = decode(value);
    }
  }
  for (const variable of container.env ?? []) {
    const value = variable.value
      ? expand(variable.value, (name) => own[name] ?? services[name])
      : valueFrom(pod, container, variable, options);
    if (value !== undefined) own[variable.name] = value;
  }
  return { ...services, ...own };
}

const notFound = (kind: string, name: string) => failure(`${kind} ${JSON.stringify(name)} not found`);

/** Base64 as Secrets hold it. */
export const decode = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

function valueFrom(
  pod: Pod,
  container: ContainerSpec,
  { valueFrom: from }: EnvVar,
  { sources, podIP, hostIP, volume }: EnvOptions,
): string | undefined {
  if (from === undefined) return "";
  const namespace = pod.metadata.namespace!;
  if (from.fieldRef !== undefined) return fieldValue(pod, from.fieldRef.fieldPath, { podIP, hostIP });
  if (from.resourceFieldRef !== undefined) return resourceValue(pod, container, from.resourceFieldRef, sources.node());
  if (from.configMapKeyRef !== undefined) {
    const { name, key, optional } = from.configMapKeyRef;
    const found = sources.configMap(namespace, name!);
    if (found === undefined && !optional) throw notFound("configmap", name!);
    const value = found?.data?.[key];
    if (value === undefined && !optional) throw failure(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`);
    return value;
  }
  if (from.secretKeyRef !== undefined) {
    const { name, key, optional } = from.secretKeyRef;
    const found = sources.secret(namespace, name!);
    if (found === undefined && !optional) throw notFound("secret", name!);
    const value = found?.data?.[key];
    if (value === undefined && !optional) throw failure(`couldn't find key ${key} in Secret ${namespace}/${name}`);
    return value === undefined ? undefined : decode(value);
  }
  if (from.fileKeyRef !== undefined) {
    const { volumeName, path, key, optional } = from.fileKeyRef;
    const mounted = volume(volumeName!);
    if (mounted === undefined) {
      throw failure(`cannot find the volume ${JSON.stringify(volumeName)} referenced by FileKeyRef`);
    }
    const value = fileValue(mounted, path!, key!);
    if (value !== undefined || optional) return value;
    const file = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~empty-dir/${volumeName}/${path}`;
    throw failure(`environment variable key ${JSON.stringify(key)} not found in file ${JSON.stringify(file)}`);
  }
  return "";
}

/** @throws {ContainerStartError} for what is no file of variables */
function fileValue({ files }: VolumeContent, path: string, key: string): string | undefined {
  const content = files.get(path);
  try {
    if (content === undefined) throw new Error(`failed to open environment variable file ${JSON.stringify(path)}`);
    return envFileValue(textOf(content), key);
  } catch {
    throw failure("couldn't parse env file");
  }
}

/** Fills in `$(NAME)`; `$$(NAME)` stands for itself, and an unknown name stays as it is. */
export function expand(text: string, value: (name: string) => string | undefined): string {
  return text.replaceAll(
    /\$\$|\$\(([^)]*)\)/g,
    (all, name: string | undefined) => name === undefined ? "$" : value(name) ?? all,
  );
}

/** The variables that tell of a namespace's services; of `kubernetes` always, of the others where links are wanted. */
function serviceEnv(sources: Sources, namespace: string, links: boolean): Record<string, string> {
  const env: Record<string, string> = {};
  const master = sources.services("default").filter(({ metadata }) => metadata.name === "kubernetes");
  const own = links ? sources.services(namespace) : [];
  for (const { metadata, spec } of new Set([...master, ...own])) {
    const { clusterIP, ports = [] } = spec ?? {};
    if (!clusterIP || clusterIP === "None" || ports.length === 0) continue;
    const name = metadata.name!.toUpperCase().replaceAll("-", "_");
    env[`${name}_SERVICE_HOST`] = clusterIP;
    env[`${name}_SERVICE_PORT`] = String(ports[0].port);
    for (const port of ports) {
      if (port.name) env[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll("-", "_")}`] = String(port.port);
    }
    ports.forEach(({ protocol = "TCP", port }, i) => {
      const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
      const prefix = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
      if (i === 0) env[`${name}_PORT`] = url;
      env[prefix] = url;
      env[`${prefix}_PROTO`] = protocol.toLowerCase();
      env[`${prefix}_PORT`] = String(port);
      env[`${prefix}_ADDR`] = clusterIP;
    });
  }
  return env;
}
