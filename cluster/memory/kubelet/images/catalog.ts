/**
 * The images that can be had: what courses use. A tag is had when it looks like one that its publisher gives.
 *
 * Sizes are those that a registry reports for one platform, rounded.
 */
import { component, coredns, etcd, kubeApiserver, pause } from "./cluster_components.ts";
import { mariadb, mysql } from "./databases/mysql.ts";
import { postgres } from "./databases/postgres.ts";
import { redis } from "./databases/redis.ts";
import { agnhost } from "./agnhost.ts";
import { demoPage, echoServer, eventSimulator, helloApp, httpEcho, kuard, webappColor, whoami } from "./demo_apps.ts";
import { httpd, HTTPD_CONF, HTTPD_PAGE } from "./httpd.ts";
import { MORE_IMAGES } from "./catalog_more.ts";
import {
  ALPINE,
  BUILD_TOOLS,
  type CatalogEntry,
  DEBIAN,
  DEBIAN_TOOLS,
  demo,
  FILTER_TOOLS,
  image,
  MB,
  ORACLE,
  system,
  UBUNTU,
  versionsTo,
} from "./catalog_entry.ts";
import type { Server } from "./image.ts";
import { NGINX_DEFAULT, NGINX_MAIN, NGINX_UNPRIVILEGED } from "./nginx/files.ts";
import { nginx } from "./nginx/server.ts";
import { ingressNginx } from "./proxies/ingress_nginx.ts";
import { webhookCertgen } from "./proxies/webhook_certgen.ts";
import { nginxGatewayControl, nginxGatewayProxy } from "./proxies/nginx_gateway.ts";
import { mongo, plainServer } from "./plain_server.ts";
import { CURL_ENTRYPOINT, HELLO_WORLD, NGINX_ERROR_PAGE, NGINX_PAGE } from "./pages.ts";

const helloWorld: Server = ({ out }) => {
  for (const line of HELLO_WORLD.split("\n")) out(line);
  return 0;
};

export const CATALOG: readonly CatalogEntry[] = [
  image("library/nginx", 72.2, {
    tags: versionsTo("1.29"),
    programs: { nginx },
    files: {
      "/usr/share/nginx/html/index.html": NGINX_PAGE,
      "/usr/share/nginx/html/50x.html": NGINX_ERROR_PAGE,
      "/etc/nginx/nginx.conf": NGINX_MAIN,
      "/etc/nginx/conf.d/default.conf": NGINX_DEFAULT,
      "/etc/nginx/mime.types": "types {\n    text/html  html htm shtml;\n    text/css  css;\n}\n",
      "/docker-entrypoint.sh": '#!/bin/sh\nexec "$@"\n',
    },
    folders: ["/var/cache/nginx", "/var/log/nginx"],
    command: ["nginx", "-g", "daemon off;"],
    env: { NGINX_VERSION: "1.29.3", PKG_RELEASE: "1~bookworm" },
    users: [{ name: "nginx", id: 101, home: "/nonexistent" }],
    stopSignal: "SIGQUIT",
    tools: [...DEBIAN_TOOLS, "curl"],
    os: DEBIAN,
    present: ["1.27", "1.28"],
    memory: 8 * MB,
  }),
  image("nginxinc/nginx-unprivileged", 72.2, {
    tags: versionsTo("1.29"),
    programs: { nginx },
    files: {
      "/usr/share/nginx/html/index.html": NGINX_PAGE,
      "/etc/nginx/nginx.conf": NGINX_UNPRIVILEGED,
      "/etc/nginx/conf.d/default.conf": NGINX_DEFAULT.replaceAll(/\b80;/g, "8080;"),
    },
    command: ["nginx", "-g", "daemon off;"],
    user: 101,
    users: [{ name: "nginx", id: 101, home: "/nonexistent" }],
    stopSignal: "SIGQUIT",
    tools: [...DEBIAN_TOOLS, "curl"],
    os: DEBIAN,
    memory: 8 * MB,
  }),
  image("library/httpd", 58.1, {
    tags: versionsTo("2.4"),
    programs: { "httpd-foreground": httpd },
    files: { "/usr/local/apache2/htdocs/index.html": HTTPD_PAGE, "/usr/local/apache2/conf/httpd.conf": HTTPD_CONF },
    command: ["httpd-foreground"],
    workingDir: "/usr/local/apache2",
    stopSignal: "SIGWINCH",
    tools: DEBIAN_TOOLS,
    os: DEBIAN,
    present: ["2.4"],
    memory: 9 * MB,
  }),
  image("library/redis", 52.5, {
    tags: versionsTo("8.4"),
    programs: { "redis-server": redis },
    command: ["redis-server"],
    workingDir: "/data",
    users: [{ name: "redis", id: 999, home: "/data" }],
    tools: [...DEBIAN_TOOLS, "redis-cli"],
    os: DEBIAN,
    present: ["7"],
    memory: 5 * MB,
  }),
  image("library/busybox", 2.2, { tags: versionsTo("1.37"), present: ["1.36"], memory: 0.3 * MB }),
  image("library/alpine", 3.8, { tags: versionsTo("3.23"), command: ["/bin/sh"], os: ALPINE, tools: ["apk"] }),
  image("library/ubuntu", 29.7, { tags: versionsTo("26.4"), command: ["/bin/bash"], os: UBUNTU, tools: DEBIAN_TOOLS }),
  image("library/debian", 48.5, { tags: versionsTo("13.9"), command: ["bash"], os: DEBIAN, tools: DEBIAN_TOOLS }),
  image("library/python", 411, {
    tags: versionsTo("3.15"),
    command: ["python3"],
    os: DEBIAN,
    tools: [...BUILD_TOOLS, "python3", "python", "pip", "pip3"],
  }),
  image("library/node", 402, {
    tags: versionsTo("25.99"),
    command: ["node"],
    os: DEBIAN,
    tools: [...BUILD_TOOLS, "node", "npm", "npx"],
  }),
  image("library/golang", 300, {
    tags: versionsTo("1.26"),
    command: ["bash"],
    os: DEBIAN,
    workingDir: "/go",
    tools: [...BUILD_TOOLS, "go"],
  }),
  image("library/bash", 6, { command: ["bash"], os: ALPINE, tools: ["bash"], tags: /^(latest|\d+(\.\d+)*)$/ }),
  image("library/memcached", 31, {
    tags: versionsTo("1.6"),
    programs: { memcached: plainServer([11211]) },
    command: ["memcached"],
    os: DEBIAN,
    tools: DEBIAN_TOOLS,
  }),
  image("library/mysql", 243, {
    tags: versionsTo("9.5"),
    programs: { mysqld: mysql },
    command: ["mysqld"],
    os: ORACLE,
    tools: ["bash", "mysql", "mysqladmin", "microdnf"],
    folders: ["/var/lib/mysql"],
    memory: 380 * MB,
  }),
  image("library/mariadb", 120, {
    tags: versionsTo("12.2"),
    programs: { mariadbd: mariadb },
    command: ["mariadbd"],
    os: UBUNTU,
    tools: [...DEBIAN_TOOLS, "mariadb", "mysql", "mariadb-admin"],
    memory: 90 * MB,
  }),
  image("library/postgres", 156, {
    tags: versionsTo("18.9"),
    programs: { postgres },
    command: ["postgres"],
    env: { PGDATA: "/var/lib/postgresql/data" },
    folders: ["/var/lib/postgresql/data"],
    users: [{ name: "postgres", id: 999, home: "/var/lib/postgresql" }],
    stopSignal: "SIGINT",
    tools: [...DEBIAN_TOOLS, "pg_isready", "psql"],
    os: DEBIAN,
    memory: 20 * MB,
  }),
  image("library/mongo", 297, {
    tags: versionsTo("8.2"),
    programs: { mongod: mongo },
    command: ["mongod"],
    os: UBUNTU,
    tools: [...DEBIAN_TOOLS, "mongosh"],
    memory: 170 * MB,
  }),
  image("library/rabbitmq", 105, {
    tags: versionsTo("4.3"),
    programs: {
      "rabbitmq-server": plainServer([5672, 15672], () => [" Starting broker... completed with 4 plugins."]),
    },
    command: ["rabbitmq-server"],
    os: UBUNTU,
    tools: [...DEBIAN_TOOLS, "rabbitmqctl", "rabbitmq-diagnostics"],
    memory: 130 * MB,
  }),
  image("library/wordpress", 230, {
    tags: versionsTo("6.9"),
    programs: {
      "apache2-foreground": demoPage([80], () => "<!DOCTYPE html>\n<title>WordPress &rsaquo; Installation</title>\n"),
    },
    command: ["apache2-foreground"],
    workingDir: "/var/www/html",
    tools: ["bash", "curl"],
    os: DEBIAN,
    memory: 40 * MB,
  }),
  image("library/tomcat", 190, {
    tags: versionsTo("11.0"),
    programs: {
      "catalina.sh": demoPage([8080], () => "<!doctype html>\n<title>HTTP Status 404 – Not Found</title>\n"),
    },
    command: ["catalina.sh", "run"],
    os: UBUNTU,
    tools: [...DEBIAN_TOOLS, "java"],
    memory: 120 * MB,
  }),
  image("library/perl", 344, { tags: versionsTo("5.42"), command: ["perl"], os: DEBIAN, tools: BUILD_TOOLS }),
  image("library/hello-world", 0.01, { command: ["/hello"], shell: false, programs: { "/hello": helloWorld } }),
  image("curlimages/curl", 9.4, {
    entrypoint: ["/entrypoint.sh"],
    command: ["curl"],
    user: 100,
    users: [{ name: "curl_user", id: 100, home: "/home/curl_user" }],
    files: { "/entrypoint.sh": CURL_ENTRYPOINT },
    tools: ["curl"],
    os: ALPINE,
  }),
  image("kodekloud/webapp-color", 31, {
    programs: { "./app.py": webappColor, "app.py": webappColor },
    entrypoint: ["python", "app.py"],
    command: [],
    workingDir: "/opt",
    tools: ["python"],
    tags: /^(latest|v[123])$/,
    memory: 20 * MB,
  }),
  image("kodekloud/event-simulator", 27, {
    programs: { "event-simulator": eventSimulator },
    command: ["event-simulator"],
  }),
  image("kodekloud/simple-webapp", 30, {
    programs: { "simple-webapp": demoPage([8080], ({ hostname }) => `Hello from ${hostname}!\n`) },
    command: ["simple-webapp"],
  }),
  image("polinux/stress", 4, { command: ["stress"], tools: ["stress"] }),
  image("progrium/stress", 90, { entrypoint: ["stress"], command: [], tools: ["stress"] }),
  image("vish/stress", 0.9, { entrypoint: ["/stress"], command: [], tools: ["stress"] }),
  image("bitnami/kubectl", 120, {
    entrypoint: ["kubectl"],
    command: ["--help"],
    user: 1001,
    os: DEBIAN,
    tools: [...DEBIAN_TOOLS, "kubectl", "curl"],
  }),
  image("nicolaka/netshoot", 190, {
    command: ["zsh"],
    os: ALPINE,
    tools: ["bash", "zsh", "curl", "dig", "host", "ip", "ss", ...FILTER_TOOLS],
  }),
  image("wbitt/network-multitool", 60, {
    programs: { nginx },
    files: {
      "/usr/share/nginx/html/index.html": "WBITT Network MultiTool (with NGINX)\n",
      "/etc/nginx/nginx.conf": NGINX_MAIN,
      "/etc/nginx/conf.d/default.conf": NGINX_DEFAULT,
    },
    command: ["nginx", "-g", "daemon off;"],
    tools: ["bash", "curl", "dig", "host", "ip", "ss"],
  }),
  image("hashicorp/http-echo", 4, {
    programs: { "/http-echo": httpEcho },
    entrypoint: ["/http-echo"],
    command: [],
    shell: false,
  }),
  image("traefik/whoami", 3, { programs: { "/whoami": whoami }, entrypoint: ["/whoami"], command: [], shell: false }),
  image("ealen/echo-server", 40, { programs: { "echo-server": echoServer([80]) }, command: ["echo-server"] }),
  image("nginxdemos/hello", 20, {
    programs: {
      "nginx-hello": demoPage([80], ({ hostname, podIP }) => `Server address: ${podIP}:80\nServer name: ${hostname}\n`),
    },
    command: ["nginx-hello"],
    tags: /^(latest|plain-text|\d[\w.-]*)$/,
  }),
  image("registry.k8s.io/e2e-test-images/jessie-dnsutils", 110, {
    command: ["sleep", "infinity"],
    os: DEBIAN,
    tools: ["bash", "dig", "host", "curl"],
  }),
  image("registry.k8s.io/e2e-test-images/agnhost", 58, {
    programs: { "/agnhost": agnhost },
    entrypoint: ["/agnhost"],
    command: ["pause"],
    os: ALPINE,
    tools: ["curl", "dig", "host"],
  }),
  image("registry.k8s.io/e2e-test-images/busybox", 1.2),
  image("registry.k8s.io/busybox", 1.2, { tags: /^(latest|\d[\w.-]*)$/ }),
  image("registry.k8s.io/e2e-test-images/nginx", 72, {
    tags: /^1\.\d+(-\d+)*$/,
    programs: { nginx },
    files: {
      "/usr/share/nginx/html/index.html": NGINX_PAGE,
      "/etc/nginx/nginx.conf": NGINX_MAIN,
      "/etc/nginx/conf.d/default.conf": NGINX_DEFAULT,
    },
    command: ["nginx", "-g", "daemon off;"],
    memory: 8 * MB,
  }),
  demo("registry.k8s.io/echoserver", 43, "/usr/local/bin/run.sh", echoServer([8080]), { shell: true }),
  demo("registry.k8s.io/hpa-example", 138, "apache2-foreground", demoPage([80], () => "OK!"), { shell: true }),
  demo("gcr.io/google-samples/hello-app", 7, "./hello-app", helloApp, { shell: true, tags: /^(latest|1\.0|2\.0)$/ }),
  demo("us-docker.pkg.dev/google-samples/containers/gke/hello-app", 7, "./hello-app", helloApp, {
    shell: true,
    tags: /^(latest|1\.0|2\.0)$/,
  }),
  demo("gcr.io/kuar-demo/kuard-amd64", 12, "/kuard", kuard, { tags: /^(latest|blue|green|purple|1|2|3)$/ }),
  demo("docker.io/argoproj/rollouts-demo", 9, "/rollouts-demo", demoPage([8080], ({ tag }) => `"${tag}"`), {
    tags: /^(blue|green|yellow|red|purple|orange)$/,
  }),
  system("registry.k8s.io/pause", 0.3, 0.2 * MB, "/pause", pause),
  system("registry.k8s.io/etcd", 23.7, 48 * MB, "etcd", etcd),
  system("registry.k8s.io/kube-apiserver", 27.3, 245 * MB, "kube-apiserver", kubeApiserver),
  system(
    "registry.k8s.io/kube-controller-manager",
    22.9,
    52 * MB,
    "kube-controller-manager",
    component("kube-controller-manager", [10257]),
  ),
  system("registry.k8s.io/kube-scheduler", 17.4, 22 * MB, "kube-scheduler", component("kube-scheduler", [10259])),
  {
    ...system(
      "registry.k8s.io/kube-proxy",
      25.9,
      17 * MB,
      "/usr/local/bin/kube-proxy",
      component("kube-proxy", [10249, 10256], false),
    ),
    tools: FILTER_TOOLS,
  },
  system("registry.k8s.io/coredns/coredns", 22.4, 14 * MB, "/coredns", coredns),
  system(
    "registry.k8s.io/metrics-server/metrics-server",
    19,
    20 * MB,
    "/metrics-server",
    component("metrics-server", [10250]),
  ),
  image("registry.k8s.io/ingress-nginx/controller", 112, {
    programs: { "/usr/bin/dumb-init": ingressNginx, "/nginx-ingress-controller": ingressNginx },
    entrypoint: ["/usr/bin/dumb-init", "--"],
    command: ["/nginx-ingress-controller"],
    user: 101,
    users: [{ name: "www-data", id: 101, home: "/var/www" }],
    tags: /^v1\.\d+\.\d+$/,
    tools: ["bash", "curl"],
    os: ALPINE,
    memory: 90 * MB,
  }),
  image("registry.k8s.io/ingress-nginx/kube-webhook-certgen", 24, {
    programs: { "/kube-webhook-certgen": webhookCertgen },
    entrypoint: ["/kube-webhook-certgen"],
    command: [],
    user: 65532,
    shell: false,
    tags: /^(v\d+\.\d+\.\d+|v?\d{8}-.*)$/,
  }),
  image("ghcr.io/nginx/nginx-gateway-fabric", 34, {
    programs: { "/usr/bin/gateway": nginxGatewayControl },
    entrypoint: ["/usr/bin/gateway"],
    command: [],
    user: 101,
    shell: false,
    tags: /^(edge|\d+\.\d+(\.\d+)?)$/,
    memory: 30 * MB,
  }),
  image("ghcr.io/nginx/nginx-gateway-fabric/nginx", 60, {
    programs: { "/agent/entrypoint.sh": nginxGatewayProxy },
    entrypoint: ["/agent/entrypoint.sh"],
    command: [],
    user: 101,
    tags: /^(edge|\d+\.\d+(\.\d+)?)$/,
    os: ALPINE,
    memory: 25 * MB,
  }),
  image("ghcr.io/flannel-io/flannel", 32.9, {
    programs: { "/opt/bin/flanneld": component("flanneld", []) },
    entrypoint: ["/opt/bin/flanneld"],
    memory: 18 * MB,
  }),
  image("ghcr.io/flannel-io/flannel-cni-plugin", 4.9, { command: ["/flannel"], files: { "/flannel": "" } }),
  ...MORE_IMAGES,
];
