/** Environment variables. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, invalid, notFound, notSupported, required } from "../../../field_error.ts";
import { check, configMapKey, dns1123Label, dns1123Subdomain, envVarName, qualifiedName } from "../../../names.ts";
import { formatQuantity, parseQuantity, quantitySign } from "../../../quantity.ts";
import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  FileKeySelector,
  ObjectFieldSelector,
  PodSpec,
  ResourceFieldSelector,
} from "../../../schema/types.ts";
import { noBacksteps } from "./paths.ts";
import { eachContainer } from "../containers.ts";

const ENV_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const FIELD_LABELS = [
  ...ENV_FIELDS,
  "metadata.annotations",
  "metadata.labels",
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
];
const RESOURCES = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

export function validateEnv(variables: readonly EnvVar[] = [], path: string): FieldError[] {
  return variables.flatMap(({ name = "", value = "", valueFrom }, i) => [
    ...name === "" ? [required(child(path, i, "name"))] : check(child(path, i, "name"), name, envVarName),
    ...valueFrom ? validateValueFrom(valueFrom, value, child(path, i, "valueFrom")) : [],
  ]);
}

function validateValueFrom(from: EnvVarSource, value: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let sources = 0;
  if (from.fieldRef) {
    sources++;
    errors.push(...validateFieldRef(from.fieldRef, ENV_FIELDS, child(path, "fieldRef")));
  }
  if (from.resourceFieldRef) {
    sources++;
    errors.push(...validateResourceFieldRef(from.resourceFieldRef, child(path, "resourceFieldRef"), false));
  }
  for (const field of ["configMapKeyRef", "secretKeyRef"] as const) {
    const selector = from[field];
    if (!selector) continue;
    sources++;
    const { name = "", key = "" } = selector;
    errors.push(
      ...check(child(path, field, "name"), name, dns1123Subdomain),
      ...key === "" ? [required(child(path, field, "key"))] : check(child(path, field, "key"), key, configMapKey),
    );
  }
  if (from.fileKeyRef) {
    sources++;
    errors.push(...validateFileKey(from.fileKeyRef, child(path, "fileKeyRef")));
  }
  if (sources === 0) {
    const names = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    errors.push(invalid(path, "", `must specify one of: ${names}`));
  } else if (value !== "") errors.push(invalid(path, "", "may not be specified when `value` is not empty"));
  else if (sources > 1) errors.push(invalid(path, "", "may not have more than one field specified at a time"));
  return errors;
}

function validateFileKey({ key = "", volumeName = "", path: file = "" }: FileKeySelector, path: string): FieldError[] {
  return [
    ...key === "" ? [required(child(path, "key"))] : check(child(path, "key"), key, envVarName),
    ...volumeName === ""
      ? [required(child(path, "volumeName"))]
      : check(child(path, "volumeName"), volumeName, dns1123Label),
    ...file === "" ? [required(child(path, "path"))] : noBacksteps(file, child(path, "path")),
  ];
}

/** "metadata.labels['app']" → ["metadata.labels", "app"] */
function subscripted(path: string): [string, string] | undefined {
  const open = path.indexOf("['");
  return path.endsWith("']") && open > 0 && open + 2 <= path.length - 2
    ? [path.slice(0, open), path.slice(open + 2, -2)]
    : undefined;
}

/** @param expressions the fields that may be read, in order */
export function validateFieldRef(
  { apiVersion = "", fieldPath = "" }: ObjectFieldSelector,
  expressions: readonly string[],
  path: string,
): FieldError[] {
  if (apiVersion === "") return [required(child(path, "apiVersion"))];
  if (fieldPath === "") return [required(child(path, "fieldPath"))];
  const at = child(path, "fieldPath");
  const wrong = (why: string) => [invalid(at, fieldPath, `error converting fieldPath: ${why}`)];
  if (apiVersion !== "v1") return wrong(`unsupported pod version: ${apiVersion}`);
  const parts = subscripted(fieldPath);
  if (parts !== undefined) {
    const [map, key] = parts;
    if (map === "metadata.annotations") return check(path, key.toLowerCase(), qualifiedName);
    if (map === "metadata.labels") return check(path, key, qualifiedName);
    return wrong(`field label does not support subscript: ${fieldPath}`);
  }
  if (fieldPath !== "spec.host" && !FIELD_LABELS.includes(fieldPath)) {
    return wrong(`field label not supported: ${fieldPath}`);
  }
  const field = fieldPath === "spec.host" ? "spec.nodeName" : fieldPath;
  return expressions.includes(field) ? [] : [notSupported(at, field, expressions)];
}

const isHugePages = (resource: string) => /^(requests|limits)\.hugepages-/.test(resource);
const SCALES = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/** @param inVolume a volume's file must name the container */
export function validateResourceFieldRef(
  { containerName = "", resource = "", divisor }: ResourceFieldSelector,
  path: string,
  inVolume: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  if (inVolume && containerName === "") errors.push(required(child(path, "containerName")));
  else if (resource === "") errors.push(required(child(path, "resource")));
  else if (!RESOURCES.includes(resource) && !isHugePages(resource)) {
    errors.push(notSupported(child(path, "resource"), resource, RESOURCES));
  }
  if (divisor === undefined || quantitySign(divisor) === 0) return errors;
  const text = formatQuantity(parseQuantity(divisor));
  const wrong = (what: string) => invalid(child(path, "divisor"), resource, `only divisor's values ${what} resource`);
  const listed = SCALES.join(", ");
  if (resource.endsWith(".cpu") && RESOURCES.includes(resource)) {
    if (text !== "1m" && text !== "1") errors.push(wrong("1m and 1 are supported with the cpu"));
  } else if (!SCALES.includes(text)) {
    if (/^(limits|requests)\.memory$/.test(resource)) {
      errors.push(wrong(`${listed} are supported with the memory`));
    } else if (/^(limits|requests)\.ephemeral-storage$/.test(resource)) {
      errors.push(wrong(`${listed} are supported with the local ephemeral storage`));
    } else if (isHugePages(resource)) errors.push(wrong(`${listed} are supported with the hugepages`));
  }
  return errors;
}

export function validateEnvFrom(sources: readonly EnvFromSource[] = [], path: string): FieldError[] {
  return sources.flatMap(({ prefix = "", configMapRef, secretRef }, i) => {
    const errors: FieldError[] = prefix === "" ? [] : check(child(path, i, "prefix"), prefix, envVarName);
    for (const [field, reference] of [["configMapRef", configMapRef], ["secretRef", secretRef]] as const) {
      if (!reference) continue;
      const at = child(path, i, field, "name");
      errors.push(...reference.name ? namePrefix(at, reference.name) : [required(at)]);
    }
    if (!configMapRef && !secretRef) {
      errors.push(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (configMapRef && secretRef) {
      errors.push(invalid(path, "", "may not have more than one field specified at a time"));
    }
    return errors;
  });
}

/** Kubernetes judges these names as prefixes, so a dash may end them. */
const namePrefix = (path: string, name: string): FieldError[] =>
  dns1123Subdomain(name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name)
    .map((message) => invalid(path, name, message));

/** Variables from files: the volume must be there and be an empty directory. */
export function validateFileKeyVolumes(spec: PodSpec, path: string): FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  const errors: FieldError[] = [];
  for (const [container, at] of eachContainer(spec, path)) {
    for (const [i, { valueFrom }] of (container.env ?? []).entries()) {
      if (!valueFrom?.fileKeyRef) continue;
      const { volumeName = "" } = valueFrom.fileKeyRef;
      const field = child(at, "env", i, "valueFrom", "fileKeyRef", "volumeName");
      const volume = volumes.get(volumeName);
      if (volume === undefined) errors.push(notFound(field, volumeName));
      else if (!volume.emptyDir) {
        errors.push(invalid(field, volumeName, "referenced volume must be of type emptyDir"));
      }
    }
  }
  return errors;
}
