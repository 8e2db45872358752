/** ingress-nginx installed as its own manifest does it: Jobs make the webhook's certificate, and the webhook answers. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { apiVersionOf } from "../../../cluster/memory/kinds/kind.ts";
import type { KubeObject, Partially } from "../../../cluster/memory/kinds/object.ts";
import type { Ingress, Job, Pod } from "../../../cluster/memory/kinds/schema/types.ts";
import { startMemoryCluster } from "../../../cluster/memory/cluster.ts";

const NAMESPACE = "ingress-nginx";
const ADMISSION = "ingress-nginx-admission";
const RBAC = "rbac.authorization.k8s.io";
const CERTGEN = "registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.3";
const CONTROLLER = "registry.k8s.io/ingress-nginx/controller:v1.13.3";
const podNamespace = { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } };

const account = (name: string) => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: NAMESPACE },
});

/** What a service account may do, in all namespaces. */
const may = (name: string, ...rules: readonly (readonly [group: string, resources: string, verbs: string])[]) => [
  account(name),
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name },
    rules: rules.map(([group, resources, verbs]) => ({
      apiGroups: [group],
      resources: resources.split(" "),
      verbs: verbs.split(" "),
    })),
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: NAMESPACE }],
  },
];

const job = (name: string, ...args: string[]) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, namespace: NAMESPACE },
  spec: {
    template: {
      spec: {
        serviceAccountName: ADMISSION,
        restartPolicy: "OnFailure",
        containers: [{ name: "main", image: CERTGEN, args, env: [podNamespace] }],
      },
    },
  },
});

const service = (name: string, ...ports: readonly (readonly [number, number])[]) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: NAMESPACE },
  spec: {
    selector: { app: "controller" },
    ports: ports.map(([port, targetPort]) => ({ name: `p${port}`, port, targetPort })),
  },
});

const MANIFEST: readonly (Partially<KubeObject> & { readonly [field: string]: unknown })[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  ...may(
    "ingress-nginx",
    ["networking.k8s.io", "ingresses/status", "update"],
    ["", "events", "create patch"],
  ),
  ...may(
    ADMISSION,
    ["", "secrets", "get create"],
    ["admissionregistration.k8s.io", "validatingwebhookconfigurations", "get update"],
  ),
  service("ingress-nginx-controller", [80, 80]),
  service("ingress-nginx-controller-admission", [443, 8443]),
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "ingress-nginx-controller", namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: "controller" } },
      template: {
        metadata: { labels: { app: "controller" } },
        spec: {
          serviceAccountName: "ingress-nginx",
          containers: [{
            name: "controller",
            image: CONTROLLER,
            args: [
              "/nginx-ingress-controller",
              "--controller-class=k8s.io/ingress-nginx",
              "--ingress-class=nginx",
              "--validating-webhook=:8443",
              "--validating-webhook-certificate=/usr/local/certificates/cert",
              "--validating-webhook-key=/usr/local/certificates/key",
            ],
            env: [podNamespace],
            volumeMounts: [{ name: "webhook-cert", mountPath: "/usr/local/certificates/", readOnly: true }],
          }],
          volumes: [{ name: "webhook-cert", secret: { secretName: ADMISSION } }],
        },
      },
    },
  },
  job(
    "ingress-nginx-admission-create",
    "create",
    "--host=ingress-nginx-controller-admission,ingress-nginx-controller-admission.$(POD_NAMESPACE).svc",
    "--namespace=$(POD_NAMESPACE)",
    `--secret-name=${ADMISSION}`,
  ),
  job(
    "ingress-nginx-admission-patch",
    "patch",
    `--webhook-name=${ADMISSION}`,
    "--namespace=$(POD_NAMESPACE)",
    "--patch-mutating=false",
    `--secret-name=${ADMISSION}`,
    "--patch-failure-policy=Fail",
  ),
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx" },
    spec: { controller: "k8s.io/ingress-nginx" },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: ADMISSION },
    webhooks: [{
      name: "validate.nginx.ingress.kubernetes.io",
      admissionReviewVersions: ["v1"],
      failurePolicy: "Fail",
      matchPolicy: "Equivalent",
      sideEffects: "None",
      clientConfig: {
        service: {
          name: "ingress-nginx-controller-admission",
          namespace: NAMESPACE,
          path: "/networking/v1/ingresses",
          port: 443,
        },
      },
      rules: [{
        apiGroups: ["networking.k8s.io"],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: ["ingresses"],
      }],
    }],
  },
];

Deno.test("ingress-nginx by its manifest: Jobs, certificate, webhook, routes", async () => {
  const clock = virtualClock();
  const reports: unknown[] = [];
  await using cluster = await startMemoryCluster({
    clock,
    report: (where, error) => reports.push(`${where}: ${error}`),
  });
  const client = cluster.api.client(administrator);
  const kinds = cluster.api.kinds.kinds();
  await clock.settle();
  for (const object of MANIFEST) {
    const kind = kinds.find((one) => apiVersionOf(one) === object.apiVersion && one.kind === object.kind)!;
    await client.create(kind, object);
  }
  await clock.settle();
  for (const name of ["create", "patch"]) {
    const { status } = await client.get<Job>(refs.jobs, NAMESPACE, `ingress-nginx-admission-${name}`);
    assert.equal(status?.succeeded, 1, name);
  }
  await clock.settle();
  const { items: [controller] } = await client.list<Pod>(refs.pods, { namespace: NAMESPACE, labelSelector: "app" });
  assert.equal(controller.status?.phase, "Running");

  const ingress = (name: string, host: string) =>
    client.create<Ingress>(refs.ingresses, {
      metadata: { name, namespace: "default" },
      spec: {
        ingressClassName: "nginx",
        rules: [{
          host,
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }],
          },
        }],
      },
    });
  await ingress("one", "shop.example");
  await clock.settle();
  await assert.rejects(
    ingress("two", "shop.example"),
    /^StatusError: admission webhook "validate\.nginx\.ingress\.kubernetes\.io" denied the request: host "shop\.example" and path "\/" is already defined in ingress default\/one$/,
  );
  const { status } = await client.get<Ingress>(refs.ingresses, "default", "one");
  assert.match(status.loadBalancer.ingress?.[0].ip ?? "", /^172\.30\.1\.[34]$/);

  await client.delete(refs.deployments, NAMESPACE, "ingress-nginx-controller");
  await clock.settle();
  await assert.rejects(
    ingress("three", "other.example"),
    /failed calling webhook "validate\.nginx\.ingress\.kubernetes\.io": failed to call webhook: Post "https:\/\/ingress-nginx-controller-admission\.ingress-nginx\.svc:443\/networking\/v1\/ingresses\?timeout=10s": dial tcp 10\.96\.\d+\.\d+:443: connect: connection refused/,
  );
  assert.deepEqual(reports, []);
});
