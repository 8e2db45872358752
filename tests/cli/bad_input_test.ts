/** What goes wrong is said clearly, with the right exit code and without a stack trace. */
import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { newPerson, type Ran } from "./drydock.ts";

function says(ran: Ran, code: number, ...patterns: readonly RegExp[]) {
  assert.equal(ran.code, code, ran.stderr);
  for (const pattern of patterns) assert.match(ran.stderr, pattern);
  assert.doesNotMatch(ran.stderr, /error: error/);
  assert.doesNotMatch(ran.stderr, /^\s+at |\bError:|file:\/\//m);
}

Deno.test("an unknown command, option, exercise or value: exit code 2, and what was meant", async () => {
  const { drydock } = await newPerson();
  says(await drydock("chekc"), 2, /There is no command chekc/, /drydock check/);
  says(await drydock("list", "--jsn"), 2, /unknown option '--jsn'/, /Did you mean --json/);
  says(await drydock("start", "pod-rnu"), 2, /There is no exercise pod-rnu/, /Did you mean pod-run\?/);
  says(await drydock("verify", "pod-run", "nonesuch"), 2, /There is no exercise nonesuch/);
  says(await drydock("up", "--port", "70000"), 2, /70000 is not a number from 1 to 65535/);
  says(await drydock("up", "--components", "api,kubelet"), 2, /kubelet is not one of api, controllers/);
  says(await drydock("up", "--name", "No Good"), 2, /No Good is not a name/);
  says(await drydock("--lang", "fr", "list"), 2, /fr/);
  says(await drydock("run"), 2, /missing required argument/);
});

Deno.test("the same in Korean", async () => {
  const { drydock, drydockWith } = await newPerson();
  says(await drydock("--lang", "ko", "start", "pod-rnu"), 2, /그런 연습 문제는 없습니다: pod-rnu/, /혹시 pod-run/);
  says(await drydockWith(["list", "--jsn"], { env: { LC_ALL: "ko_KR.UTF-8" } }), 2, /알 수 없는 옵션입니다: --jsn/);
});

Deno.test("no exercise was started", async () => {
  const { drydock } = await newPerson();
  says(await drydock("check"), 2, /No exercise is started/, /drydock next/);
  says(await drydock("check", "pod-run"), 2, /No cluster is there yet/, /drydock start/);
});

Deno.test("a broken exercise.yaml: file, line and field; exit code 3; the others are listed", async () => {
  const { drydock, state } = await newPerson();
  const folder = join(state, "exercises");
  await mkdir(join(folder, "pods", "broken"), { recursive: true });
  await writeFile(join(folder, "topics.yaml"), "topics: [{ id: pods, title: { en: Pods, ko: 파드 } }]\n");
  await writeFile(join(folder, "pods", "broken", "exercise.yaml"), "id: broken\ntopic: pods\ntitel: { en: x }\n");
  const place = /exercise\.yaml:3:1: titel: is not known here; did you mean title\?/;
  says(await drydock("--exercises", folder, "start", "broken"), 3, place);
  says(await drydock("--exercises", folder, "list"), 0, place);
  const verified = await drydock("--exercises", folder, "verify", "--fresh", "--json");
  assert.equal(verified.code, 3);
  assert.equal(JSON.parse(verified.stdout).exercises[0].outcome, "could-not-check");
});

Deno.test("a port in use", async () => {
  const { drydock, state } = await newPerson();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { readonly port: number };
  const message = new RegExp(`Port ${port} is in use by another program`);
  says(await drydock("up", "--foreground", "--port", String(port)), 3, message, /--port/);
  says(await drydock("up", "--port", String(port)), 3, message, /--port/);
  await new Promise((resolve) => taken.close(resolve));
  assert.deepEqual(await readdir(join(state, "clusters")), []);
});

Deno.test("a kubeconfig that cannot be read, or is none", async () => {
  const { drydockWith, state } = await newPerson();
  const folder = join(state, "folder");
  await mkdir(folder);
  says(
    await drydockWith(["start", "pod-run"], { env: { KUBECONFIG: folder } }),
    2,
    /kubeconfig .*folder cannot be read \(EISDIR\)/,
  );
  const broken = join(state, "broken");
  await writeFile(broken, "clusters: [");
  says(await drydockWith(["start", "pod-run"], { env: { KUBECONFIG: broken } }), 2, /broken is not a kubeconfig/);
});

const CONFIG = (name: string, server: string) => `
apiVersion: v1
kind: Config
current-context: ${name}
clusters: [{ name: ${name}, cluster: { server: "${server}" } }]
users: [{ name: ${name}, user: { token: t } }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name} } }]
`;

Deno.test("a context that does not exist, does not look local, or does not answer", async () => {
  const { drydockWith, state } = await newPerson();
  const kubeconfig = join(state, "kubeconfig");
  await writeFile(kubeconfig, CONFIG("production", "https://127.0.0.1.example.invalid:6443"));
  const env = { KUBECONFIG: kubeconfig };
  says(
    await drydockWith(["start", "pod-run", "--context", "prod"], { env }),
    2,
    /There is no context prod. Known are: production/,
  );
  const refused = await drydockWith(["start", "pod-run", "--context", "production"], { env });
  says(refused, 2, /does not look local/, /--allow-context production/);
  const allowed = ["start", "pod-run", "--context", "production", "--allow-context", "production"];
  says(await drydockWith(allowed, { env }), 3, /does not answer \(ENOTFOUND\)|does not answer \(EAI_AGAIN\)/);

  await writeFile(kubeconfig, CONFIG("kind-dead", "https://127.0.0.1:1"));
  says(
    await drydockWith(["start", "pod-run"], { env }),
    3,
    /The cluster at https:\/\/127.0.0.1:1 does not answer \(ECONNREFUSED\)/,
  );
});

Deno.test("a command that cannot be run", async () => {
  const { drydock } = await newPerson();
  says(await drydock("run", "--", "no-such-command-here"), 2, /no-such-command-here cannot be run: ENOENT/);
});

Deno.test("somebody's own kubeconfig is not overwritten", async () => {
  const { drydock, state } = await newPerson();
  const kubeconfig = join(state, "own");
  await writeFile(kubeconfig, CONFIG("kind-mine", "https://127.0.0.1:1"));
  says(await drydock("up", "--foreground", "--kubeconfig", kubeconfig), 2, /has contexts of other clusters/);
  says(await drydock("up", "--kubeconfig", kubeconfig), 2, /has contexts of other clusters/);
});
