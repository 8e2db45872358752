/** NetworkPolicies, as the pods that they let through and keep out feel them. */
import { BUSYBOX, IDLE, type Inside, type InsideCase, NGINX } from "./inside_case.ts";

const NEEDS = "a network that enforces policies";
const IMAGES = [BUSYBOX, NGINX];

function policy({ create }: Inside, spec: object) {
  return create({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `p-${crypto.randomUUID().slice(0, 8)}` },
    spec: { podSelector: {}, ...spec },
  });
}

/** Two servers' worth of pods: `web` listens, `friend` and `stranger` try. */
async function actors({ started }: Inside): Promise<{ readonly web: string; readonly shell: readonly string[] }> {
  const { status } = await started("web", { image: NGINX }, { labels: { app: "web" } });
  await started("friend", IDLE, { labels: { role: "friend" } });
  await started("stranger", IDLE, { labels: { role: "stranger" } });
  return { web: status.podIP, shell: ["friend", "stranger"] };
}

async function reaches({ eventually, exec }: Inside, from: string, ip: string, expected: boolean, port = 80) {
  await eventually(`${from} ${expected ? "reaches" : "does not reach"} ${ip}:${port}`, async () => {
    const { exitCode } = await exec(from, ["nc", "-z", "-w", "2", ip, String(port)]);
    return (exitCode === 0) === expected;
  });
}

const PEER = { podSelector: { matchLabels: { role: "friend" } } };

export const POLICIES: readonly InsideCase[] = [
  {
    title: "NetworkPolicy: all may connect until one selects the pod; then only whom it names",
    images: IMAGES,
    needs: NEEDS,
    async run(inside) {
      const { web, shell } = await actors(inside);
      for (const one of shell) await reaches(inside, one, web, true);
      await policy(inside, { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from: [PEER] }] });
      await reaches(inside, "stranger", web, false);
      await reaches(inside, "friend", web, true);
    },
  },
  {
    title: "NetworkPolicy: an empty one denies all, and others add to it",
    images: IMAGES,
    needs: NEEDS,
    async run(inside) {
      const { web } = await actors(inside);
      await policy(inside, { policyTypes: ["Ingress"] });
      await reaches(inside, "friend", web, false);
      await policy(inside, { ingress: [{ from: [PEER], ports: [{ port: 80 }] }] });
      await reaches(inside, "friend", web, true);
      await reaches(inside, "stranger", web, false);
    },
  },
  {
    title: "NetworkPolicy: egress, with the names' server allowed",
    images: IMAGES,
    needs: NEEDS,
    async run(inside) {
      const { web } = await actors(inside);
      await policy(inside, {
        podSelector: { matchLabels: { role: "friend" } },
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" }] }],
      });
      await reaches(inside, "friend", web, false);
      await reaches(inside, "stranger", web, true);
      await inside.says("friend", "nslookup kubernetes.default.svc.cluster.local", /Address/);
    },
  },
  {
    title: "NetworkPolicy: blocks of addresses with exceptions",
    images: IMAGES,
    needs: NEEDS,
    async run(inside) {
      const { web } = await actors(inside);
      const { status } = await inside.started("third", IDLE);
      const from = [{ ipBlock: { cidr: "0.0.0.0/0", except: [`${status.podIP}/32`] } }];
      await policy(inside, { podSelector: { matchLabels: { app: "web" } }, ingress: [{ from }] });
      await reaches(inside, "third", web, false);
      await reaches(inside, "friend", web, true);
    },
  },
  {
    title: "NetworkPolicy: namespaces by their labels",
    images: IMAGES,
    needs: NEEDS,
    async run(inside) {
      const { web } = await actors(inside);
      const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "no-such-namespace" } };
      await policy(inside, {
        podSelector: { matchLabels: { app: "web" } },
        ingress: [{ from: [{ namespaceSelector }] }],
      });
      await reaches(inside, "friend", web, false);
      const own = { matchLabels: { "kubernetes.io/metadata.name": inside.namespace } };
      await policy(inside, {
        podSelector: { matchLabels: { app: "web" } },
        ingress: [{ from: [{ namespaceSelector: own, ...PEER }] }],
      });
      await reaches(inside, "friend", web, true);
      await reaches(inside, "stranger", web, false);
    },
  },
];
