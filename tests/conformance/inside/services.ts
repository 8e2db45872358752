/** Pods, services and names, as they are reached from a container. */
import assert from "node:assert/strict";
import { BUSYBOX, IDLE, type Inside, type InsideCase, type Loose, NGINX } from "./inside_case.ts";

/** A web server that is not ready before it listens. */
const WEB = {
  image: NGINX,
  ports: [{ name: "http", containerPort: 80 }],
  readinessProbe: { httpGet: { port: "http" }, periodSeconds: 1 },
};
const LABELS = { labels: { app: "web" } };

function service({ create }: Inside, name: string, spec: object): Promise<Loose> {
  return create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80 }], ...spec },
  });
}

/** What cluster names end in here; not every cluster says "cluster.local". */
async function domain({ sh }: Inside): Promise<string> {
  return /search \S+\.svc\.(\S+)/.exec(await sh("shell", "cat /etc/resolv.conf"))![1];
}

const PAGE = /Welcome to nginx/;

export const SERVICES: readonly InsideCase[] = [
  {
    title: "a pod is reached by its address, and refuses where nobody listens",
    images: [BUSYBOX, NGINX],
    async run({ started, sh, exec }) {
      const { status: { podIP } } = await started("web", WEB);
      await started("shell", IDLE);
      assert.match(await sh("shell", `wget -qO- http://${podIP}/`), PAGE);
      const refused = await exec("shell", ["wget", "-qO-", `http://${podIP}:81/`]);
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.stderr, /Connection refused/);
    },
  },
  {
    title: "ClusterIP: by address and by name, short and long, at another port than the pod's",
    images: [BUSYBOX, NGINX],
    async run(inside) {
      const { started, says, namespace } = inside;
      await started("web", WEB, LABELS);
      await started("shell", IDLE);
      const { spec } = await service(inside, "web", { ports: [{ port: 8080, targetPort: "http" }] });
      for (const host of [spec.clusterIP, "web", `web.${namespace}`, `web.${namespace}.svc.${await domain(inside)}`]) {
        await says("shell", `wget -T 2 -qO- http://${host}:8080/`, PAGE);
      }
    },
  },
  {
    title: "a Service without ready pods refuses",
    images: [BUSYBOX],
    async run(inside) {
      await inside.started("shell", IDLE);
      const { spec } = await service(inside, "nobody", { selector: { app: "nobody" } });
      const refused = await inside.exec("shell", ["wget", "-T", "3", "-qO-", `http://${spec.clusterIP}/`]);
      assert.notEqual(refused.exitCode, 0);
    },
  },
  {
    title: "NodePort: at every node's address",
    images: [BUSYBOX, NGINX],
    async run(inside) {
      const { started, says, cluster } = inside;
      await started("web", WEB, LABELS);
      await started("shell", IDLE);
      const { spec } = await service(inside, "web", { type: "NodePort" });
      for (const node of await cluster.objects.list({ apiVersion: "v1", kind: "Node" })) {
        const { addresses } = node.status as Loose;
        const { address } = addresses.find(({ type }: Loose) => type === "InternalIP");
        await says("shell", `wget -T 2 -qO- http://${address}:${spec.ports[0].nodePort}/`, PAGE);
      }
    },
  },
  {
    title: "headless: the name has the pods' addresses, and each pod of a StatefulSet a name",
    images: [BUSYBOX, NGINX],
    async run(inside) {
      const { create, started, says, get, eventually, namespace } = inside;
      await service(inside, "web", { clusterIP: "None" });
      await create({
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "web" },
        spec: {
          serviceName: "web",
          replicas: 2,
          selector: { matchLabels: { app: "web" } },
          template: { metadata: LABELS, spec: { containers: [{ name: "app", ...WEB }] } },
        },
      });
      await started("shell", IDLE);
      const ips = await eventually("both pods", async () => {
        const pods = await Promise.all(["web-0", "web-1"].map((name) => get("v1", "Pod", name)));
        const found = pods.map((pod) => (pod?.status as Loose)?.podIP);
        return found.every(Boolean) && found;
      });
      const suffix = `${namespace}.svc.${await domain(inside)}`;
      for (const ip of ips) await says("shell", `nslookup web.${suffix}`, new RegExp(`Address.*: ${ip}\\b`));
      await says("shell", `nslookup web-1.web.${suffix}`, new RegExp(`Address.*: ${ips[1]}\\b`));
      await says("shell", `wget -T 2 -qO- http://web-0.web/`, PAGE);
    },
  },
  {
    title: "ExternalName: another name for a Service elsewhere",
    images: [BUSYBOX],
    async run(inside) {
      await inside.started("shell", IDLE);
      const target = `kubernetes.default.svc.${await domain(inside)}`;
      await service(inside, "alias", { type: "ExternalName", externalName: target, selector: null });
      const name = `alias.${inside.namespace}.svc.${await domain(inside)}`;
      await inside.says("shell", `nslookup ${name}`, new RegExp(`canonical name = ${target}`));
    },
  },
  {
    title: "DNS: SRV records of named ports, PTR records of addresses, and names that are not there",
    images: [BUSYBOX, NGINX],
    async run(inside) {
      const { started, says, exec, namespace } = inside;
      await started("web", WEB, LABELS);
      await started("shell", IDLE);
      const { spec } = await service(inside, "web", {});
      const suffix = `${namespace}.svc.${await domain(inside)}`;
      await says("shell", `nslookup -type=srv _http._tcp.web.${suffix}`, new RegExp(`0 100 80 web\\.${suffix}`));
      await says("shell", `nslookup ${spec.clusterIP}`, new RegExp(`name = web\\.${suffix}`));
      const missing = await exec("shell", ["nslookup", `none.${suffix}`]);
      assert.notEqual(missing.exitCode, 0);
      assert.match(missing.stdout + missing.stderr, /NXDOMAIN/);
    },
  },
  {
    title: "DNS: nslookup searches for names without a dot, everywhere at once, and for no others",
    images: [BUSYBOX],
    async run(inside) {
      const { started, exec, namespace } = inside;
      await started("shell", IDLE);
      const { spec } = await service(inside, "web", {});
      const short = await exec("shell", ["nslookup", "web"]);
      // The second name of the search list is not there, which counts.
      assert.equal(short.exitCode, 1);
      assert.match(
        short.stdout,
        new RegExp(`^Name:\\tweb\\.${namespace}\\.svc\\.\\S+\\nAddress: ${spec.clusterIP}$`, "m"),
      );
      assert.equal(short.stdout.match(/^\*\* server can't find web\.svc\.\S+: NXDOMAIN$/gm)?.length, 2);
      const dotted = await exec("shell", ["nslookup", `web.${namespace}`]);
      assert.equal(dotted.exitCode, 1);
      assert.equal(dotted.stdout.split("\n\n")[1], `** server can't find web.${namespace}: NXDOMAIN`);
    },
  },
  {
    title: "a pod that is not ready gets no traffic from its Service",
    images: [BUSYBOX, NGINX],
    async run(inside) {
      const { started, sh, exec, eventually } = inside;
      const readinessProbe = {
        exec: { command: ["test", "!", "-e", "/tmp/busy"] },
        periodSeconds: 1,
        failureThreshold: 1,
      };
      await started("web", { ...WEB, readinessProbe }, LABELS);
      await started("shell", IDLE);
      await service(inside, "web", {});
      await inside.says("shell", "wget -T 2 -qO- http://web/", PAGE);
      await sh("web", "touch /tmp/busy");
      await eventually(
        "refusal",
        async () => (await exec("shell", ["wget", "-T", "2", "-qO-", "http://web/"])).exitCode !== 0,
      );
    },
  },
];
