/**
 * Versions of kinds that a v1.36 server can still read, though it serves them no more.
 *
 * An object of such a version is read as what it is (its unknown fields are those of its own version), and then
 * refused because the endpoint takes another version.
 *
 * Source: `k8s.io/api`, the types of the groups' beta versions, and what `pkg/apis` installs.
 */
import { type Field, type Shape, shapeFrom, shapeOf, type StructShape } from "../../kinds/schema/shape.ts";

/** The kinds of each group and version, and the package of the types that they are now. */
const KINDS: Readonly<Record<string, readonly [now: string, kinds: string]>> = {
  "admissionregistration.k8s.io/v1alpha1": [
    "admissionregistration.v1",
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
  ],
  "admissionregistration.k8s.io/v1beta1": [
    "admissionregistration.v1",
    "ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
  ],
  "apiextensions.k8s.io/v1beta1": ["apiextensions.v1", "CustomResourceDefinition"],
  "apiregistration.k8s.io/v1beta1": ["apiregistration.v1", "APIService"],
  "apps/v1beta1": ["apps.v1", "Deployment StatefulSet ControllerRevision"],
  "apps/v1beta2": ["apps.v1", "Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision"],
  "authentication.k8s.io/v1beta1": ["authentication.v1", "SelfSubjectReview TokenReview"],
  "authorization.k8s.io/v1beta1": [
    "authorization.v1",
    "SelfSubjectRulesReview SelfSubjectAccessReview SubjectAccessReview LocalSubjectAccessReview",
  ],
  "batch/v1beta1": ["batch.v1", "CronJob"],
  "certificates.k8s.io/v1beta1": ["certificates.v1", "CertificateSigningRequest"],
  "coordination.k8s.io/v1beta1": ["coordination.v1", "Lease"],
  "discovery.k8s.io/v1beta1": ["discovery.v1", "EndpointSlice"],
  "events.k8s.io/v1beta1": ["events.v1", "Event"],
  "extensions/v1beta1": ["apps.v1", "Deployment DaemonSet ReplicaSet"],
  "flowcontrol.apiserver.k8s.io/v1beta1": ["flowcontrol.v1", "FlowSchema PriorityLevelConfiguration"],
  "flowcontrol.apiserver.k8s.io/v1beta2": ["flowcontrol.v1", "FlowSchema PriorityLevelConfiguration"],
  "flowcontrol.apiserver.k8s.io/v1beta3": ["flowcontrol.v1", "FlowSchema PriorityLevelConfiguration"],
  "networking.k8s.io/v1beta1": ["networking.v1", "Ingress IngressClass IPAddress ServiceCIDR"],
  "node.k8s.io/v1beta1": ["node.v1", "RuntimeClass"],
  "policy/v1beta1": ["policy.v1", "PodDisruptionBudget Eviction"],
  "rbac.authorization.k8s.io/v1alpha1": ["rbac.v1", "Role RoleBinding ClusterRole ClusterRoleBinding"],
  "rbac.authorization.k8s.io/v1beta1": ["rbac.v1", "Role RoleBinding ClusterRole ClusterRoleBinding"],
  "resource.k8s.io/v1beta2": ["resource.v1", "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice"],
  "scheduling.k8s.io/v1beta1": ["scheduling.v1", "PriorityClass"],
  "storage.k8s.io/v1alpha1": ["storage.v1", "VolumeAttachment CSIStorageCapacity VolumeAttributesClass"],
  "storage.k8s.io/v1beta1": [
    "storage.v1",
    "StorageClass VolumeAttachment CSIDriver CSINode CSIStorageCapacity VolumeAttributesClass",
  ],
};

/** extensions was the first home of what is in two groups now. */
const MOVED: Readonly<Record<string, string>> = {
  "extensions/v1beta1/Ingress": "networking.v1.Ingress",
  "extensions/v1beta1/NetworkPolicy": "networking.v1.NetworkPolicy",
};

interface Difference {
  /** Fields that the old version has beside those of today, with their types as in schema/facts.json. */
  readonly had?: Readonly<Record<string, string>>;
  readonly lacked?: readonly string[];
}

const INGRESS: Readonly<Record<string, Difference>> = {
  "networking.v1.IngressSpec": { had: { backend: "networking.v1.IngressBackend" }, lacked: ["defaultBackend"] },
  "networking.v1.IngressBackend": {
    had: { serviceName: "string", servicePort: "int-or-string" },
    lacked: ["service"],
  },
};
const SHARES: Readonly<Record<string, Difference>> = {
  "flowcontrol.v1.LimitedPriorityLevelConfiguration": {
    had: { assuredConcurrencyShares: "int32" },
    lacked: ["nominalConcurrencyShares"],
  },
};

/** What types were otherwise; where nothing is said, they were as they are. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, Difference>>>> = {
  "apiextensions.k8s.io/v1beta1": {
    "apiextensions.v1.CustomResourceDefinitionSpec": {
      had: {
        additionalPrinterColumns: "list<apiextensions.v1.CustomResourceColumnDefinition>",
        selectableFields: "list<apiextensions.v1.SelectableField>",
        subresources: "apiextensions.v1.CustomResourceSubresources",
        validation: "apiextensions.v1.CustomResourceValidation",
        version: "string",
      },
    },
    "apiextensions.v1.CustomResourceColumnDefinition": { had: { JSONPath: "string" }, lacked: ["jsonPath"] },
    "apiextensions.v1.CustomResourceConversion": {
      had: {
        conversionReviewVersions: "list<string>",
        webhookClientConfig: "apiextensions.v1.WebhookClientConfig",
      },
      lacked: ["webhook"],
    },
  },
  "apps/v1beta1": { "apps.v1.DeploymentSpec": { had: { rollbackTo: "json" } } },
  "authorization.k8s.io/v1beta1": {
    "authorization.v1.SubjectAccessReviewSpec": { had: { group: "list<string>" }, lacked: ["groups"] },
  },
  "discovery.k8s.io/v1beta1": {
    "discovery.v1.Endpoint": { had: { topology: "map<string>" }, lacked: ["deprecatedTopology", "zone"] },
  },
  "extensions/v1beta1": {
    ...INGRESS,
    "apps.v1.DeploymentSpec": { had: { rollbackTo: "json" } },
    "apps.v1.DaemonSetSpec": { had: { templateGeneration: "int64" } },
  },
  "flowcontrol.apiserver.k8s.io/v1beta1": SHARES,
  "flowcontrol.apiserver.k8s.io/v1beta2": SHARES,
  "networking.k8s.io/v1beta1": INGRESS,
  "rbac.authorization.k8s.io/v1alpha1": { "rbac.v1.Subject": { had: { apiVersion: "string" }, lacked: ["apiGroup"] } },
};

/**
 * The shape of a kind in a version that is not served any more, or undefined when there was none.
 *
 * @param apiVersion "extensions/v1beta1"
 */
export function oldShape(apiVersion: string, kind: string): StructShape | undefined {
  const [now, kinds] = KINDS[apiVersion] ?? ["", ""];
  const type = MOVED[`${apiVersion}/${kind}`] ?? (kinds.split(" ").includes(kind) ? `${now}.${kind}` : undefined);
  if (type === undefined) return undefined;
  const shape = shapeOf(type);
  const differences = DIFFERENCES[apiVersion];
  return differences === undefined ? shape : changed(shape, differences, new Map()) as StructShape;
}

function changed(shape: Shape, differences: Readonly<Record<string, Difference>>, done: Map<Shape, Shape>): Shape {
  const known = done.get(shape);
  if (known !== undefined) return known;
  if (shape.is === "list") return { ...shape, items: changed(shape.items, differences, done) };
  if (shape.is === "map") return { ...shape, values: changed(shape.values, differences, done) };
  if (shape.is !== "struct") return shape;
  const fields = new Map<string, Field>();
  const result: StructShape = { ...shape, fields };
  done.set(shape, result);
  const { had = {}, lacked = [] } = differences[shape.name] ?? {};
  for (const [name, field] of shape.fields) {
    if (!lacked.includes(name)) fields.set(name, { ...field, shape: changed(field.shape, differences, done) });
  }
  for (const [name, type] of Object.entries(had)) {
    const shape = changed(shapeFrom(type), differences, done);
    fields.set(name, { name, shape, required: false, alwaysWritten: false, pointer: true });
  }
  return result;
}
