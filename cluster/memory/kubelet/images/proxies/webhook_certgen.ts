/**
 * kube-webhook-certgen: makes the certificate of ingress-nginx's webhook and gives the API its authority. It is a client
 * of the API like any other: it knows the server by its environment, and proves itself with its pod's token.
 *
 * Source: `kubernetes/ingress-nginx/images/kube-webhook-certgen`.
 */
import type { Server, ServerContext } from "../image.ts";

const ACCESS = "/var/run/secrets/kubernetes.io/serviceaccount";
/** A hundred years, as the original has it. */
const DAYS = 36_500;

export const webhookCertgen: Server = async (context) => {
  const { args: [command], err } = context;
  const log = (level: string, msg: string) =>
    err(JSON.stringify({ level, msg, source: "cmd/create.go", time: new Date(context.now()).toISOString() }));
  try {
    if (command === "create") await create(context, log);
    else if (command === "patch") await patch(context, log);
    else throw new Error(`unknown command ${JSON.stringify(command)} for "kube-webhook-certgen"`);
    return 0;
  } catch (error) {
    log("fatal", (error as Error).message);
    return 1;
  }
};

type Log = (level: string, msg: string) => void;

async function create(context: ServerContext, log: Log): Promise<void> {
  const path = `/api/v1/namespaces/${flag(context, "namespace")}/secrets`;
  const name = flag(context, "secret-name");
  if ((await ask(context, "GET", `${path}/${name}`)) !== undefined) return log("info", "secret already exists");
  log("info", "creating new secret");
  const { createAuthority, issue } = await import("../../../api/tls/certificates.ts");
  const authority = await createAuthority("nil1", context.now(), DAYS);
  const { certificate, key } = await issue(authority, {
    subject: { commonName: "nil2" },
    usage: "server",
    names: { dns: flag(context, "host").split(",") },
    now: context.now(),
    days: DAYS,
  });
  await ask(context, "POST", path, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: flag(context, "namespace") },
    data: { ca: btoa(authority.certificate), cert: btoa(certificate), key: btoa(key) },
  });
}

interface Webhooks {
  readonly webhooks?: readonly { readonly clientConfig: object; readonly failurePolicy?: string }[];
}

async function patch(context: ServerContext, log: Log): Promise<void> {
  const secrets = `/api/v1/namespaces/${flag(context, "namespace")}/secrets`;
  const secret = await ask(context, "GET", `${secrets}/${flag(context, "secret-name")}`) as
    | { readonly data?: Readonly<Record<string, string>> }
    | undefined;
  const caBundle = secret?.data?.ca;
  if (caBundle === undefined) throw new Error(`no secret with '${flag(context, "secret-name")}' in namespace`);
  const failurePolicy = flag(context, "patch-failure-policy", "");
  for (const type of ["validating", "mutating"] as const) {
    if (flag(context, `patch-${type}`, "true") === "false") continue;
    const path = `/apis/admissionregistration.k8s.io/v1/${type}webhookconfigurations/${flag(context, "webhook-name")}`;
    const found = await ask(context, "GET", path) as Webhooks | undefined;
    if (found === undefined) throw new Error(`failed getting ${type} webhook`);
    log("info", `patching webhook configurations '${flag(context, "webhook-name")}' ${type}=true`);
    const webhooks = (found.webhooks ?? []).map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle },
      ...failurePolicy === "" ? {} : { failurePolicy },
    }));
    await ask(context, "PUT", path, { ...found, webhooks });
  }
  log("info", "Patched hook(s)");
}

/** @throws {Error} for one that is not given and has no default */
function flag({ args }: ServerContext, name: string, otherwise?: string): string {
  const given = args.findLast((arg) => arg.startsWith(`--${name}=`));
  const value = given?.slice(name.length + 3) ?? otherwise;
  if (value === undefined) throw new Error(`required flag(s) "${name}" not set`);
  return value;
}

/** Asks the API; undefined for what is not there. @throws {Error} with the server's message */
async function ask(context: ServerContext, method: string, path: string, object?: unknown): Promise<unknown> {
  const { KUBERNETES_SERVICE_HOST: host = "10.96.0.1", KUBERNETES_SERVICE_PORT: port = "443" } = context.env;
  const token = context.readFile(`${ACCESS}/token`);
  if (token === undefined) throw new Error(`open ${ACCESS}/token: no such file or directory`);
  const peer = await context.connect(host, Number(port));
  if (typeof peer === "string") throw new Error(`dial tcp ${host}:${port}: connect: connection ${peer}`);
  const answer = await peer.http({
    port: Number(port),
    path,
    host,
    https: true,
    method,
    headers: {
      authorization: `Bearer ${token.trim()}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    ...object === undefined ? {} : { body: JSON.stringify(object) },
  });
  if (answer === undefined) throw new Error(`${method} ${path}: EOF`);
  if (method === "GET" && answer.status === 404) return undefined;
  const value = JSON.parse(answer.body);
  if (answer.status >= 400) throw new Error(value.message ?? `status ${answer.status}`);
  return value;
}
