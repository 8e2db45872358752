/**
 * The images that can be had: what courses use. A tag is had when it looks like one that its publisher gives.
 *
 * Sizes are those that a registry reports for one platform, rounded.
 */
import type { Image, Service } from "./image.ts";

export interface CatalogEntry extends Image {
  readonly tags: RegExp;
  /** Tags that every node has from the beginning. */
  readonly present?: readonly string[];
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const MB = 1_000_000;
const VERSION = String.raw`(latest|stable|mainline|lts|edge|v?\d+(\.\d+){0,3})`;
const FLAVOUR = String.raw`(-[a-z][a-z0-9.]*)*`;
const ANY_VERSION = new RegExp(`^(${VERSION}${FLAVOUR}|alpine|slim|bookworm|perl|uclibc|glibc|musl)$`);

interface Given extends Partial<Omit<CatalogEntry, "present">> {
  readonly present?: readonly string[];
  readonly service?: Service & { readonly program: string };
}

function image(repository: string, megabytes: number, { service, present, ...more }: Given = {}): CatalogEntry {
  const program = service?.program;
  return {
    repository: repository.includes(".") ? repository : `docker.io/${repository}`,
    size: Math.round(megabytes * MB),
    entrypoint: [],
    command: program === undefined ? ["sh"] : [program],
    workingDir: "/",
    services: service === undefined ? {} : { [service.program]: service },
    files: {},
    shell: true,
    memory: 2 * MB,
    tags: ANY_VERSION,
    ...present === undefined ? {} : { present },
    ...more,
    env: { PATH, ...more.env },
  };
}

const NGINX_PAGE = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;
const HTTPD_PAGE = "<html><body><h1>It works!</h1></body></html>\n";

const mysql = {
  program: "mysqld",
  ports: [3306],
  needs: {
    env: ["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"],
    message: "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified",
  },
};
const postgres = {
  program: "postgres",
  ports: [5432],
  needs: {
    env: ["POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD"],
    message: "Error: Database is uninitialized and superuser password is not specified.",
  },
};
const OK = { "/livez": "ok", "/readyz": "ok", "/healthz": "ok", "/health": "OK", "/ready": "OK" };
/** A component of the cluster itself: runs for ever, listens, and says that it is well. */
const component = (program: string, megabytes: number, ports: readonly number[], memory: number, repository: string) =>
  image(repository, megabytes, {
    service: { program, ports, pages: OK },
    entrypoint: [program],
    command: [],
    shell: false,
    memory,
    tags: /^v?\d+\.\d+\.\d+(-\d+)?(-[\w.]+)?$/,
  });

export const CATALOG: readonly CatalogEntry[] = [
  image("library/nginx", 72.2, {
    service: { program: "nginx", ports: [80], root: "/usr/share/nginx/html" },
    files: { "/usr/share/nginx/html/index.html": NGINX_PAGE },
    command: ["nginx", "-g", "daemon off;"],
    present: ["1.27", "1.28"],
    memory: 8 * MB,
  }),
  image("library/httpd", 58.1, {
    service: { program: "httpd-foreground", ports: [80], root: "/usr/local/apache2/htdocs" },
    files: { "/usr/local/apache2/htdocs/index.html": HTTPD_PAGE },
    present: ["2.4"],
    memory: 9 * MB,
  }),
  image("library/redis", 52.5, {
    service: { program: "redis-server", ports: [6379], greeting: ["Ready to accept connections tcp"] },
    workingDir: "/data",
    present: ["7"],
    memory: 5 * MB,
  }),
  image("library/busybox", 2.2, { present: ["1.36"], memory: 0.3 * MB }),
  image("library/alpine", 3.8, { command: ["/bin/sh"] }),
  image("library/ubuntu", 29.7, { command: ["/bin/bash"] }),
  image("library/debian", 48.5, { command: ["bash"] }),
  image("library/python", 411, { command: ["python3"] }),
  image("library/node", 402, { command: ["node"] }),
  image("library/memcached", 31, { service: { program: "memcached", ports: [11211] } }),
  image("library/mysql", 243, { service: mysql, memory: 380 * MB }),
  image("library/mariadb", 120, { service: { ...mysql, program: "mariadbd" }, memory: 90 * MB }),
  image("library/postgres", 156, { service: postgres, memory: 20 * MB }),
  image("library/mongo", 297, { service: { program: "mongod", ports: [27017] }, memory: 170 * MB }),
  image("library/rabbitmq", 105, { service: { program: "rabbitmq-server", ports: [5672] }, memory: 130 * MB }),
  image("library/perl", 344, { command: ["perl"] }),
  image("library/hello-world", 0.01, { command: ["/hello"], shell: false }),
  image("curlimages/curl", 9.4, { entrypoint: ["/entrypoint.sh"], command: ["curl"] }),
  image("kodekloud/webapp-color", 31, {
    service: { program: "python", ports: [8080], pages: { "/": "<!doctype html>\n<title>Hello from Flask</title>\n" } },
    command: ["python", "./app.py"],
    tags: /^(latest|v[123])$/,
  }),
  image("kodekloud/event-simulator", 27, { service: { program: "event-simulator", ports: [] } }),
  image("polinux/stress", 4, { command: ["stress"] }),
  image("vish/stress", 0.9, { command: ["/stress"], shell: false }),
  image("bitnami/kubectl", 120, { entrypoint: ["kubectl"], command: ["--help"] }),
  image("registry.k8s.io/e2e-test-images/jessie-dnsutils", 110, { command: ["sleep", "infinity"] }),
  image("registry.k8s.io/e2e-test-images/agnhost", 58, {
    entrypoint: ["/agnhost"],
    command: ["pause"],
    services: { "/agnhost": { ports: [8080], pages: { "/": "NOW: 2026-01-01\n", "/healthz": "ok" } } },
  }),
  image("gcr.io/google-samples/hello-app", 7, {
    service: { program: "hello-app", ports: [8080], pages: { "/": "Hello, world!\nVersion: 1.0.0\n" } },
    tags: /^(latest|1\.0|2\.0)$/,
  }),
  component("/pause", 0.3, [], 0.2 * MB, "registry.k8s.io/pause"),
  component("etcd", 23.7, [2379, 2380, 2381], 48 * MB, "registry.k8s.io/etcd"),
  component("kube-apiserver", 27.3, [6443], 245 * MB, "registry.k8s.io/kube-apiserver"),
  component("kube-controller-manager", 22.9, [10257], 52 * MB, "registry.k8s.io/kube-controller-manager"),
  component("kube-scheduler", 17.4, [10259], 22 * MB, "registry.k8s.io/kube-scheduler"),
  component("/usr/local/bin/kube-proxy", 25.9, [10249, 10256], 17 * MB, "registry.k8s.io/kube-proxy"),
  component("/coredns", 22.4, [53, 8080, 8181, 9153], 14 * MB, "registry.k8s.io/coredns/coredns"),
  image("ghcr.io/flannel-io/flannel", 32.9, {
    service: { program: "/opt/bin/flanneld", ports: [] },
    entrypoint: ["/opt/bin/flanneld"],
    memory: 18 * MB,
  }),
  image("ghcr.io/flannel-io/flannel-cni-plugin", 4.9, { command: ["/flannel"], files: { "/flannel": "" } }),
];
