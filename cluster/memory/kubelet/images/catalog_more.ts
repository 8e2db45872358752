/** More images that courses and the documentation deploy: applications of which a page or a line of the log is seen. */
import {
  ALPINE,
  BUILD_TOOLS,
  type CatalogEntry,
  DEBIAN,
  DEBIAN_TOOLS,
  demo,
  image,
  MB,
  UBUNTU,
} from "./catalog_entry.ts";
import { demoPage, echoServer, whoami } from "./demo_apps.ts";
import type { Server, ServerContext } from "./image.ts";
import { slashTime } from "./log_time.ts";
import { NGINX_DEFAULT, NGINX_MAIN } from "./nginx/files.ts";
import { nginx } from "./nginx/server.ts";
import { NGINX_PAGE } from "./pages.ts";
import { plainServer } from "./plain_server.ts";

const ANY = /^[\w][\w.-]*$/;

/** An image with nginx that serves a page. */
const withNginx = (repository: string, megabytes: number, page = NGINX_PAGE): CatalogEntry =>
  image(repository, megabytes, {
    programs: { nginx },
    files: {
      "/usr/share/nginx/html/index.html": page,
      "/etc/nginx/nginx.conf": NGINX_MAIN,
      "/etc/nginx/conf.d/default.conf": NGINX_DEFAULT,
    },
    folders: ["/var/cache/nginx"],
    command: ["nginx", "-g", "daemon off;"],
    users: [{ name: "nginx", id: 101, home: "/nonexistent" }],
    stopSignal: "SIGQUIT",
    os: DEBIAN,
    tools: [...DEBIAN_TOOLS, "curl"],
    tags: ANY,
    memory: 8 * MB,
  });

/** A program that says that it starts, and then listens. */
const service = (repository: string, megabytes: number, ports: readonly number[], memory: number, line: string) =>
  image(repository, megabytes, {
    programs: { [`/usr/local/bin/${repository.split("/").pop()}`]: starts(ports, line) },
    entrypoint: [`/usr/local/bin/${repository.split("/").pop()}`],
    command: [],
    os: UBUNTU,
    tools: ["bash"],
    tags: ANY,
    memory: memory * MB,
  });

const starts = (ports: readonly number[], line: string): Server =>
  plainServer(ports, ({ now }) => [`${slashTime(now())} ${line}`]);

const page = (repository: string, port: number, body: (context: ServerContext) => string): CatalogEntry =>
  demo(repository, 40, "/app", demoPage([port], body), { shell: true, tags: ANY });

const podinfo = ({ hostname, tag }: ServerContext) =>
  JSON.stringify(
    { hostname, version: tag === "latest" ? "6.9.2" : tag, message: `greetings from podinfo v${tag}` },
    null,
    2,
  );
const kubia = ({ hostname, tag }: ServerContext) =>
  tag === "latest" ? `You've hit ${hostname}\n` : `This is ${tag} running in pod ${hostname}\n`;
const cats = ({ env, hostname }: ServerContext) =>
  `<h3>${env.OPTION_A ?? "Cats"} vs ${env.OPTION_B ?? "Dogs"}!</h3>\nProcessed by container ID ${hostname}\n`;

export const MORE_IMAGES: readonly CatalogEntry[] = [
  withNginx("registry.k8s.io/nginx-slim", 30),
  withNginx("bitnami/nginx", 60),
  withNginx("praqma/network-multitool", 20, "Praqma Network MultiTool (with NGINX)\n"),
  demo("kicbase/echo-server", 5, "/bin/echo-server", echoServer([8080]), { tags: ANY }),
  demo("jmalloc/echo-server", 5, "/bin/echo-server", echoServer([8080]), { tags: ANY }),
  demo("gcr.io/google_containers/echoserver", 43, "/usr/local/bin/run.sh", echoServer([8080]), {
    shell: true,
    tags: ANY,
  }),
  demo("containous/whoami", 3, "/whoami", whoami, { tags: ANY }),
  page("stefanprodan/podinfo", 9898, podinfo),
  page("ghcr.io/stefanprodan/podinfo", 9898, podinfo),
  page("luksa/kubia", 8080, kubia),
  page("rancher/hello-world", 80, ({ hostname }) => `<h1>Hello world!</h1>\n<h3>My hostname is ${hostname}</h3>\n`),
  page(
    "kodekloud/simple-webapp-mysql",
    8080,
    ({ env }) => `Environment Variables: DB_Host=${env.DB_Host ?? "Not Set"}\n`,
  ),
  page("kodekloud/examplevotingapp_vote", 80, cats),
  page("dockersamples/examplevotingapp_vote", 80, cats),
  page("kodekloud/examplevotingapp_result", 80, cats),
  page("dockersamples/examplevotingapp_result", 80, cats),
  service("kodekloud/examplevotingapp_worker", 60, [], 30, "Connected to db"),
  service("dockersamples/examplevotingapp_worker", 60, [], 30, "Connected to db"),
  page("gcr.io/google-samples/gb-frontend", 80, () => '<html ng-app="redis"><title>Guestbook</title></html>\n'),
  page("gcr.io/google_samples/gb-frontend", 80, () => '<html ng-app="redis"><title>Guestbook</title></html>\n'),
  page(
    "us-docker.pkg.dev/google-samples/containers/gke/gb-frontend",
    80,
    () => '<html ng-app="redis"><title>Guestbook</title></html>\n',
  ),
  page("docker.io/istio/examples-bookinfo-productpage-v1", 9080, () => "<title>Simple Bookstore App</title>\n"),
  page("mcr.microsoft.com/dotnet/samples", 8080, () => "<title>Home page - aspnetapp</title>\n"),
  service("gcr.io/google_samples/gb-redis-follower", 35, [6379], 8, "Ready to accept connections"),
  service(
    "gcr.io/google-samples/cassandra",
    140,
    [7000, 9042],
    400,
    "Starting listening for CQL clients on /0.0.0.0:9042",
  ),
  service("registry.k8s.io/kubernetes-zookeeper", 130, [2181, 2888, 3888], 120, "binding to port 0.0.0.0/0.0.0.0:2181"),
  service("quay.io/fluentd_elasticsearch/fluentd", 80, [24231], 60, "[info]: fluentd worker is now running worker=0"),
  service("quay.io/prometheus/node-exporter", 12, [9100], 15, "Listening on address=[::]:9100"),
  service("prom/node-exporter", 12, [9100], 15, "Listening on address=[::]:9100"),
  service("prom/prometheus", 110, [9090], 60, "Server is ready to receive web requests."),
  service("grafana/grafana", 190, [3000], 90, "HTTP Server Listen address=[::]:3000"),
  service("jenkins/jenkins", 270, [8080, 50000], 400, "Jenkins is fully up and running"),
  service("library/fluentd", 20, [24224], 50, "[info]: fluentd worker is now running worker=0"),
  service("fluent/fluentd", 20, [24224], 50, "[info]: fluentd worker is now running worker=0"),
  service("fluent/fluent-bit", 40, [2020], 20, "[info] [sp] stream processor started"),
  service("library/elasticsearch", 640, [9200, 9300], 900, "started"),
  service("docker.elastic.co/elasticsearch/elasticsearch", 640, [9200, 9300], 900, "started"),
  service("library/cassandra", 140, [7000, 9042], 400, "Starting listening for CQL clients on /0.0.0.0:9042"),
  service("library/traefik", 50, [80, 8080], 40, "Configuration loaded from flags."),
  service("library/haproxy", 40, [80], 12, "New worker (8) forked"),
  service("envoyproxy/envoy", 60, [10000], 30, "starting main dispatch loop"),
  image("gcr.io/distroless/static", 2, { command: [], shell: false, tags: ANY }),
  image("tutum/dnsutils", 70, { command: ["bash"], os: UBUNTU, tools: [...DEBIAN_TOOLS, "dig", "host", "nslookup"] }),
  image("alpine/git", 20, { entrypoint: ["git"], command: ["--version"], os: ALPINE, tools: ["git"], tags: ANY }),
  image("alpine/curl", 8, { entrypoint: ["curl"], command: ["--version"], os: ALPINE, tools: ["curl"], tags: ANY }),
  image("amazon/aws-cli", 120, { command: ["bash"], os: UBUNTU, tools: ["bash"], tags: ANY }),
  image("library/php", 180, {
    programs: { "apache2-foreground": demoPage([80], () => "") },
    command: ["apache2-foreground"],
    workingDir: "/var/www/html",
    os: DEBIAN,
    tools: [...DEBIAN_TOOLS, "curl"],
  }),
  image("library/ruby", 380, { command: ["bash"], os: DEBIAN, tools: BUILD_TOOLS }),
  image("library/openjdk", 240, { command: ["bash"], os: DEBIAN, tools: [...BUILD_TOOLS, "java"], tags: ANY }),
  image("library/eclipse-temurin", 240, { command: ["bash"], os: UBUNTU, tools: [...BUILD_TOOLS, "java"], tags: ANY }),
  ...["fedora", "centos", "rockylinux", "almalinux", "amazonlinux", "oraclelinux"].map((name) =>
    image(`library/${name}`, 70, {
      command: ["/bin/bash"],
      os: `PRETTY_NAME="${name}"\nID=${name}\n`,
      tools: ["bash", "curl", "microdnf"],
      tags: ANY,
    })
  ),
];
