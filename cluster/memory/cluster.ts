/**
 * A Kubernetes cluster in this process: the API over HTTPS on the loopback interface, and behind it controllers, a
 * scheduler and kubelets.
 *
 * ```ts ignore
 * await using cluster = await startMemoryCluster({ nodes: ["node01", "node02"] });
 * await Deno.writeTextFile("kubeconfig", cluster.kubeconfig);
 * ```
 */
import { assembleApi } from "./api/assemble.ts";
import { authenticator, staticTokens } from "./api/authn/authenticator.ts";
import { bootstrapTokens } from "./api/authn/bootstrap_tokens.ts";
import { ServiceAccountTokens } from "./api/authn/service_account_tokens.ts";
import { schemaOfVersion } from "./api/custom/custom_kind.ts";
import { apiHandler, type Handler, type RawHandler } from "./api/http/handler.ts";
import { Metrics } from "./api/http/metrics.ts";
import { issuerPaths } from "./api/http/issuer_paths.ts";
import { discoveryPaths, serverPaths } from "./api/http/paths.ts";
import { listen } from "./api/http/server.ts";
import { openApiPaths } from "./api/http/openapi_paths.ts";
import type { CustomSchema } from "./api/openapi/mod.ts";
import { type CommandHandler, commandHandler } from "./api/streaming/pod_command.ts";
import { servePodLog } from "./api/streaming/pod_log.ts";
import { podUpgrade } from "./api/streaming/pod_upgrade.ts";
import type { AddedImages } from "./kubelet/images/added.ts";
import { kubeletConnection } from "./kubelet/server/connection.ts";
import { administrator, type Api } from "./api/mod.ts";
import { AuditLog } from "./api/registry/audit.ts";
import { kubeconfig } from "./api/tls/kubeconfig.ts";
import { ADMINISTRATOR, loadPki } from "./api/tls/pki.ts";
import type { User } from "./api/user.ts";
import { apiServerInCluster } from "./api_server_in_cluster.ts";
import { bootstrap, bootstrapKubeadm } from "./bootstrap.ts";
import type { Addon } from "./bootstrap/addons/names.ts";
import { CONTROL_PLANE_ADDRESS, CONTROL_PLANE_NODE } from "./bootstrap/nodes.ts";
import { type Clock, realClock, type VirtualClock } from "./clock.ts";
import { controlPaths } from "./control/paths.ts";
import { type Component, COMPONENTS, type Components, startComponents } from "./components.ts";
import { serviceCaller } from "./service_caller.ts";
import { proxyTo } from "./service_proxy.ts";

export { type Component, COMPONENTS } from "./components.ts";

export interface MemoryClusterOptions {
  /** Who runs beside the API; all unless given. */
  readonly components?: readonly Component[];
  /** The nodes beside the control plane's; node01 and node02 unless given. */
  readonly nodes?: readonly string[];
  /** A free one unless given. */
  readonly port?: number;
  /** The kubeconfig's context, "drydock" unless given. */
  readonly context?: string;
  /** A bearer token of an administrator, beside the certificate. */
  readonly token?: string;
  /** The world's clock unless given. */
  readonly clock?: Clock;
  /** How many times as fast as the world's the clock runs, where none is given. */
  readonly speed?: number;
  /** For the clock's numbers, where none is given: the same seed gives the same names and uids. */
  readonly seed?: number;
  /** Where keys and certificates are kept for the next start; they are made anew unless given. */
  readonly folder?: string;
  /** Images beside those that every cluster can pull. */
  readonly images?: AddedImages;
  /** What is installed beside what kubeadm leaves; nothing unless given. */
  readonly addons?: readonly Addon[];
  /** From where Services of type LoadBalancer get addresses, "192.0.2.0/24"; without it they wait for one. */
  readonly loadBalancers?: string;
  /** Whether the node ports of services are open on this machine's loopback interface too. */
  readonly nodePorts?: boolean;
  /** Told of what fails inside; nothing of it is fatal. */
  readonly report?: (where: string, error: unknown) => void;
}

export interface MemoryCluster extends AsyncDisposable {
  /** "https://127.0.0.1:41234" */
  readonly server: string;
  /** YAML, with an administrator's certificate. */
  readonly kubeconfig: string;
  /** Whom the kubeconfig's certificate names. */
  readonly administrator: User;
  /** PEM. */
  readonly certificateAuthority: string;
  /** Answers what clients in this process ask the server without a socket. */
  readonly handler: Handler;
  /** Runs their commands in containers. */
  readonly command: CommandHandler;
  /** All nodes' names, the control plane's first. */
  readonly nodes: readonly string[];
  readonly api: Api;
  readonly clock: Clock;
}

// Both are what a CustomResourceDefinition says: as a type, and as data that OpenAPI shows.
const customSchema = schemaOfVersion as unknown as CustomSchema;

/**
 * Starts a cluster. It answers when this resolves; its pods may still be starting.
 *
 * @rejects with the system's error when the port is taken
 */
export async function startMemoryCluster(options: MemoryClusterOptions = {}): Promise<MemoryCluster> {
  const { context = "drydock", nodes = ["node01", "node02"], components = COMPONENTS, folder, port } = options;
  const { speed, seed, report = () => {} } = options;
  const own = options.clock === undefined ? realClock({ speed, seed }) : undefined;
  const clock = options.clock ?? own!;
  // Certificates are judged by programs outside of the cluster, by the world's time.
  using world = realClock();
  const worldNow = () => world.now();
  const pki = await loadPki({ now: worldNow(), folder });
  let tokens!: ServiceAccountTokens;
  const log = new AuditLog();
  let started: Components | undefined;
  const api = assembleApi({
    clock,
    audit: log.record,
    tokens: (store) => tokens = new ServiceAccountTokens(pki.serviceAccountKey, clock, store),
    callService: serviceCaller({ network: () => started?.network, clock }),
  });
  await bootstrap(api);
  await bootstrapKubeadm(api);
  const names = components.includes("kubelets") ? [CONTROL_PLANE_NODE, ...nodes] : [];
  let serve: Handler | undefined;
  const running = started = await startComponents(api, {
    apiServer: apiServerInCluster({
      handler: () => serve!,
      certificate: pki.server.certificate,
      clientAuthority: pki.authority.certificate,
    }),
    components,
    nodes: names,
    images: options.images,
    addons: options.addons,
    loadBalancerRange: options.loadBalancers,
    nodePorts: options.nodePorts,
    report,
    controllers: {
      rootCa: pki.authority.certificate,
      secretToken: (request) => tokens.issueForSecret(request),
      resources: () => api.kinds.kinds(),
      onResourcesChange: (listener) => api.kinds.onChange(listener),
      apiServer: { address: CONTROL_PLANE_ADDRESS, port: 6443, clusterIP: "10.96.0.1" },
      certificateAuthority: {
        async sign(request, seconds, usages) {
          const { signRequest } = await import("./api/tls/certificates.ts");
          return await signRequest(pki.authority, request, { now: worldNow(), seconds, usages });
        },
      },
    },
  });
  const kubelet = kubeletConnection({
    clock,
    workerOf: ({ metadata, spec }) => running.kubelets?.kubelet(spec.nodeName ?? "")?.workerOf(metadata.uid!),
  });
  const metrics = new Metrics();
  const known = options.token === undefined ? [] : [staticTokens({ [options.token]: administrator })];
  const authenticate = authenticator(...known, bootstrapTokens(api.store, clock), tokens.authenticate);
  const control = controlPaths({
    api,
    log,
    advance: (ms) => clock === own ? own.skip(ms) : (clock as VirtualClock).advance(ms),
    scheduler: () => running.scheduler,
  });
  let address = "";
  const handler = serve = apiHandler({
    core: api.core,
    authenticate,
    raw: new Map<string, RawHandler>([
      ["pods/log", ({ query }, info) => servePodLog(api.store, kubelet, { ...info, query })],
      ["pods/proxy", proxyTo("pods", () => running.network)],
      ["services/proxy", proxyTo("services", () => running.network)],
    ]),
    paths: [
      serverPaths(api.core, metrics),
      discoveryPaths(api.kinds, () => address),
      issuerPaths(tokens, () => address),
      openApiPaths(api.kinds, { customSchema, now: worldNow }),
      control,
    ],
    metrics,
    report: (error) => report("api", error),
  });
  const streaming = { core: api.core, authenticate, kubelet };
  const stop = () => {
    running.stop();
    own?.[Symbol.dispose]();
  };
  const server = await listen({
    handler,
    certificate: pki.server.certificate,
    key: pki.server.key,
    clientAuthority: pki.authority.certificate,
    port,
    upgrade: podUpgrade(streaming),
  }).catch((error) => {
    stop();
    throw error;
  });
  address = `127.0.0.1:${server.port}`;
  return {
    server: server.url,
    kubeconfig: kubeconfig({
      server: server.url,
      authority: pki.authority.certificate,
      administrator: pki.administrator,
      context,
    }),
    administrator: ADMINISTRATOR,
    certificateAuthority: pki.authority.certificate,
    handler,
    command: commandHandler(streaming),
    nodes: names,
    api,
    clock,
    async [Symbol.asyncDispose]() {
      stop();
      await server[Symbol.asyncDispose]();
    },
  };
}
