/**
 * Signs the ConfigMap cluster-info with each bootstrap token that may: who has the token can believe what it says of
 * the cluster.
 *
 * Source: `pkg/controller/bootstrap/bootstrapsigner.go`, `k8s.io/cluster-bootstrap/token/jws`.
 */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { configMaps as configMapKind, secrets as secretKind } from "../../api/kind_refs.ts";
import { BOOTSTRAP_TOKEN_TYPE, type BootstrapToken, bootstrapToken } from "../../kinds/core/bootstrap_token.ts";
import type { ConfigMap, Secret } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  inNamespace,
  reconcileQueue,
} from "../controller.ts";

const [NAMESPACE, NAME] = ["kube-public", "cluster-info"];
const SIGNATURE = "jws-kubeconfig-";

/** A JSON Web Signature without what it is of. */
function signature({ id, secret }: BootstrapToken, content: string): string {
  const encode = (text: string) => Buffer.from(text).toString("base64url");
  const header = encode(JSON.stringify({ alg: "HS256", kid: id }));
  return `${header}..${createHmac("sha256", secret).update(`${header}.${encode(content)}`).digest("base64url")}`;
}

export function startBootstrapSigner(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const infos = informers.for<ConfigMap>(configMapKind);
  const secrets = indexByNamespace(informers.for<Secret>(secretKind));

  const queue = reconcileQueue(context, async () => {
    const info = infos.get(NAMESPACE, NAME);
    const content = info?.data?.kubeconfig;
    if (info === undefined || content === undefined) return;
    const tokens = inNamespace(secrets, "kube-system").flatMap((secret) => bootstrapToken(secret, clock.now()) ?? []);
    const signed = tokens.filter(({ signs, secret }) => signs && secret !== "")
      .map((token) => [`${SIGNATURE}${token.id}`, signature(token, content)]);
    const others = Object.entries(info.data!).filter(([key]) => !key.startsWith(SIGNATURE));
    const data = Object.fromEntries([...others, ...signed]);
    if (!same(info.data, data)) await client.update(configMapKind, { ...info, data });
  });
  const add = () => queue.add(NAME);
  const isInfo = ({ metadata: { namespace, name } }: ConfigMap) => namespace === NAMESPACE && name === NAME;
  infos.on({ added: (map) => isInfo(map) && add(), updated: (map) => isInfo(map) && add() });
  const isToken = ({ type }: Secret) => type === BOOTSTRAP_TOKEN_TYPE;
  secrets.on({
    added: (secret) => isToken(secret) && add(),
    updated: (secret) => isToken(secret) && add(),
    deleted: (secret) => isToken(secret) && add(),
  });
  return queue;
}
