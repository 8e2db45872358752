/** nginx with configurations as people mount them, and clients that ask it. */
import assert from "node:assert/strict";
import { createAuthority, issue, type KeyPair } from "../../../cluster/memory/api/tls/certificates.ts";
import type { ContainerConfig } from "../../../cluster/memory/kubelet/runtime/runtime.ts";
import { container } from "../runtime/container.ts";
import { RESOLV_CONF, smallNetwork } from "../runtime/small_network.ts";

const volume = (path: string, files: Readonly<Record<string, string>>) => ({
  name: path,
  path,
  readOnly: true,
  volume: { files: new Map(Object.entries(files)) },
});

async function nginx(config: string, more: Partial<ContainerConfig> & { files?: ReturnType<typeof volume>[] } = {}) {
  const { files = [], ...rest } = more;
  const mounts = [volume("/etc/nginx/conf.d", { "default.conf": config }), ...files];
  const started = container("nginx:1.27", undefined, { mounts, resolvConf: RESOLV_CONF, ...rest });
  await started.clock.settle();
  return started;
}

async function get(
  server: Awaited<ReturnType<typeof nginx>>,
  path: string,
  more: { host?: string; port?: number } = {},
) {
  const answer = await server.process.http({ port: 80, path, host: "web", headers: {}, https: false, ...more });
  return answer === undefined ? undefined : `${answer.status} ${answer.headers.location ?? answer.body}`;
}

Deno.test("nginx: locations, returns, rewrites and files", async () => {
  const server = await nginx(
    `server {
      listen 80 default_server;
      root /srv;
      location / { try_files $uri $uri/ /index.html; }
      location = /health { return 200 "ok\\n"; }
      location ~ ^/u/(\\w+)$ { return 200 "user $1"; }
      location ^~ /u/static { return 200 "static"; }
      location /old/ { return 301 /new; }
      location /img { alias /data; autoindex on; }
      location /gone { return 404; }
      location /secret { deny all; }
      error_page 404 /missing.html;
      rewrite ^/r/(.*)$ /u/$1 last;
      if ($http_user_agent ~* bot) { return 403; }
    }
    server { listen 80; server_name other *.example.com; return 200 "other $host"; }`,
    {
      files: [
        volume("/srv", { "index.html": "index", "a.txt": "a", "missing.html": "nothing here" }),
        volume("/data", { "x.png": "x" }),
      ],
    },
  );
  for (
    const [path, expected] of [
      ["/", "200 index"],
      ["/a.txt?x=1", "200 a"],
      ["/none", "200 index"],
      ["/health", "200 ok\n"],
      ["/u/mina", "200 user mina"],
      ["/r/kim", "200 user kim"],
      ["/u/static", "200 static"],
      ["/old/x", "301 http://web/new"],
    ]
  ) assert.equal(await get(server, path), expected, path);
  assert.match((await get(server, "/img/"))!, /^200 [^]*<a href="x.png">x.png<\/a>/);
  assert.match((await get(server, "/secret"))!, /^403 /);
  assert.equal(await get(server, "/", { host: "a.example.com" }), "200 other a.example.com");
  assert.equal(await get(server, "/", { host: "other" }), "200 other other");
});

Deno.test("nginx: another server behind it, with the path and the headers as they are told", async () => {
  const back = await nginx('server { location / { return 200 "$request_uri $http_x_real_ip $host"; } }');
  const network = smallNetwork({ back: back.process, down: undefined });
  const server = await nginx(
    `upstream pool { server back:80; }
    server {
      location /api/ { proxy_pass http://back/; proxy_set_header X-Real-IP 1.2.3.4; proxy_set_header Host $host; }
      location /keep { proxy_pass http://pool; }
      location /down { proxy_pass http://down; }
    }`,
    { network },
  );
  assert.equal(await get(server, "/api/x?y=1"), "200 /x?y=1 1.2.3.4 web");
  assert.equal(await get(server, "/keep/x"), "200 /keep/x  pool");
  assert.match((await get(server, "/down"))!, /^502 /);
  assert.match(server.output(), /connect\(\) failed \(111: Connection refused\) while connecting to upstream, client/);
});

Deno.test("nginx: an answer without its body, and the number of a connection in the log", async () => {
  const server = await nginx("server { listen 80; root /srv; }", {
    files: [volume("/srv", { "index.html": "index" })],
  });
  const ask = (path: string) =>
    server.process.http({ port: 80, path, host: "web", headers: {}, https: false, method: "HEAD", from: "127.0.0.1" });
  const { headers, body } = (await ask("/"))!;
  assert.deepEqual([headers["content-length"], body], ["5", ""]);
  assert.match(server.output(), /^127\.0\.0\.1 - - \[.*\] "HEAD \/ HTTP\/1\.1" 200 0 "-"/m);
  await ask("/ghost");
  assert.match(server.output(), /#\d+: \*2 open\(\) "\/srv\/ghost" failed .*, client: 127\.0\.0\.1, /);
});

Deno.test("nginx: why it does not start", async (t) => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["unknown directive", "server { listn 80; }", /unknown directive "listn" in \/etc\/nginx\/conf.d\/default.conf:1/],
    ["wrong place", "listen 80;", /"listen" directive is not allowed here/],
    ["unknown upstream", "server { location / { proxy_pass http://nobody; } }", /host not found in upstream "nobody"/],
    ["no certificate", "server { listen 443 ssl; }", /no "ssl_certificate" is defined for the "listen ... ssl"/],
    [
      "missing certificate",
      "server { listen 443 ssl; ssl_certificate /x.crt; ssl_certificate_key /x.key; }",
      /cannot load certificate "\/x\.crt": BIO_new_file\(\) failed/,
    ],
  ];
  for (const [name, config, expected] of cases) {
    await t.step(name, async () => {
      const server = await nginx(config);
      assert.match(server.output(), expected);
      assert.equal(server.ended()?.code, 1);
    });
  }
  await t.step("a root that cannot be written", async () => {
    const server = await nginx("server { listen 80; }", { readOnlyRoot: true });
    assert.match(server.output(), /mkdir\(\) "\/var\/cache\/nginx\/client_temp" failed \(30: Read-only file system\)/);
  });
  await t.step("a user who may not write", async () => {
    const server = await nginx("server { listen 80; }", { user: 1000 });
    assert.match(server.output(), /mkdir\(\) "\/var\/cache\/nginx\/client_temp" failed \(13: Permission denied\)/);
  });
});

Deno.test("nginx: a name and a password as htpasswd writes them", async () => {
  const server = await nginx(
    `server { location / { auth_basic "Study"; auth_basic_user_file /etc/auth/users; return 200; root /usr/share/nginx/html; } }`
      .replace("return 200; ", ""),
    {
      files: [
        volume("/etc/auth", {
          users: "mina:$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/\nkim:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n",
        }),
      ],
    },
  );
  const status = async (user?: string) =>
    (await server.process.http({
      port: 80,
      path: "/",
      headers: user === undefined ? {} : { authorization: `Basic ${btoa(user)}` },
      https: false,
    }))?.status;
  assert.deepEqual([
    await status(),
    await status("mina:myPassword"),
    await status("mina:wrong"),
    await status("kim:secret"),
  ], [
    401,
    200,
    401,
    200,
  ]);
});

Deno.test("TLS: a client believes what it was told to, and says why it does not", async (t) => {
  const now = Date.UTC(2026, 0, 1);
  const authority = await createAuthority("study", now, 30);
  const pair = (names: readonly string[], days: number, at = now): Promise<KeyPair> =>
    issue(authority, {
      subject: { commonName: names[0] },
      usage: "server",
      names: { dns: names, ips: [] },
      now: at,
      days,
    });
  const server = async ({ certificate, key }: KeyPair) =>
    await nginx(
      `server { listen 443 ssl; ssl_certificate /tls/tls.crt; ssl_certificate_key /tls/tls.key; location / { return 200 "$scheme"; } }
       server { listen 80; location / { return 200 "plain"; } }`,
      { files: [volume("/tls", { "tls.crt": certificate, "tls.key": key })] },
    );
  const good = await server(await pair(["web", "*.study.dev"], 10));
  const old = await server(await pair(["old"], 1, now - 3 * 86_400_000));
  const alone = await server(authority);
  const network = smallNetwork({
    "web": good.process,
    "a.study.dev": good.process,
    "a.b.study.dev": good.process,
    "old": old.process,
    "alone": alone.process,
  });
  const client = container("debian:12", ["sleep", "infinity"], {
    network,
    resolvConf: RESOLV_CONF,
    image: {
      ...(await import("../../../cluster/memory/kubelet/images/registry.ts")).findImage(
        "docker.io/curlimages/curl:latest",
      )!.image,
    },
    mounts: [volume("/ca", { "ca.crt": authority.certificate, "none.crt": "" })],
  });
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ["--cacert /ca/ca.crt https://web", 0, /^https$/],
    ["--cacert /ca/ca.crt https://a.study.dev", 0, /^https$/],
    [
      "--cacert /ca/ca.crt https://a.b.study.dev",
      60,
      /no alternative certificate subject name matches target host name/,
    ],
    ["https://web", 60, /SSL certificate problem: unable to get local issuer certificate/],
    ["-k https://web", 0, /^https$/],
    ["--cacert /ca/ca.crt https://old", 60, /certificate has expired/],
    ["https://alone", 60, /self-signed certificate\n/],
    ["--cacert /ca/none.crt https://web", 77, /error adding trust anchors from file: \/ca\/none.crt/],
    ["https://web:80", 35, /wrong version number/],
    ["http://web:443", 0, /The plain HTTP request was sent to HTTPS port/],
    ["--resolve x.study.dev:443:10.0.0.1 --cacert /ca/ca.crt https://x.study.dev", 0, /^https$/],
    ["-kvs https://web", 0, /\* {2}subject: CN=web\n[^]*> GET \/ HTTP\/1.1\n> Host: web\n[^]*< HTTP\/1.1 200 OK\n/],
  ];
  for (const [args, code, expected] of cases) {
    await t.step(`curl ${args}`, async () => {
      const result = await client.exec(["sh", "-c", `curl ${args} 2>&1`]);
      assert.match(result.text, expected);
      assert.equal(result.code, code);
    });
  }
});
