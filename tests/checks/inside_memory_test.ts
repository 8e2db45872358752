/** Criteria that look inside containers, on a memory cluster on virtual time, through its API alone. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { check } from "../../checks/check.ts";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";
import { readShape } from "../../checks/shape.ts";
import { readYaml } from "../../checks/yaml.ts";
import { waitForRest } from "../../checks/motion.ts";
import { ApiError, type ApiObject, type Cluster } from "../../cluster/cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { Problem } from "../../cluster/problem.ts";
import { temporaryFolder } from "../temporary_folder.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

/** What a criterion, written in the file's folder, says of the cluster: each mismatch in English and in Korean. */
async function says(cluster: Cluster, text: string, file = "exercise.yaml"): Promise<readonly string[]> {
  const { criterion } = readShape(readYaml(`id: it\ntitle: { en: A title, ko: 제목 }\n${text}`, file)[0], check);
  const mismatches = await criterion.evaluate({ objects: cluster.objects, namespace: "default" });
  const texts = mismatches.flatMap((one) => [mismatchText(one, "en"), mismatchText(one, "ko")]);
  // Addresses are drawn, and a container that crashes is now in one state and now in another.
  return texts.map((text) => text.replaceAll(/\b10(\.\d+){3}\b/g, "IP").replace(" (CrashLoopBackOff)", ""));
}

const object = (apiVersion: string, kind: string, name: string, rest: object, labels = {}): ApiObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "default", labels },
  ...rest,
});

const pod = (name: string, container: object) =>
  object("v1", "Pod", name, { spec: { containers: [{ name: "app", ...container }] } }, { app: name });

const policy = (name: string, spec: object) => object("networking.k8s.io/v1", "NetworkPolicy", name, { spec });

const SHELL = { image: "busybox:1.36", command: ["sh", "-c", "echo ready for work; sleep 86400"] };

const SCENE: readonly ApiObject[] = [
  pod("shell", SHELL),
  pod("locked", SHELL),
  pod("web", { image: "nginx:1.27", ports: [{ containerPort: 80 }] }),
  pod("crasher", { image: "busybox:1.36", command: ["sh", "-c", "echo before the end; exit 3"] }),
  pod("typo", { image: "registry.invalid/no/such:image" }),
  object("v1", "Pod", "lost", {
    spec: { nodeSelector: { "no-such": "label" }, containers: [{ name: "app", ...SHELL }] },
  }),
  object("v1", "Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } }),
  object("v1", "Service", "other", { spec: { selector: { app: "nobody" }, ports: [{ port: 80 }] } }),
  // The Pod `locked` reaches only the names' server.
  policy("lock", {
    podSelector: { matchLabels: { app: "locked" } },
    policyTypes: ["Egress"],
    egress: [{ ports: [{ port: 53, protocol: "UDP" }] }],
  }),
];

/** For each criterion: how it is written, and what it says of the scene. Nothing is said where it holds. */
const CASES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  logs: {
    "{ pod: shell, contains: ready for work }": [],
    "{ selector: app=shell, matches: '^ready' }": [],
    "{ pod: shell, contains: never said }": [
      'Pod shell: logs does not contain "never said"; it is "ready for work"',
      'Pod shell: logs에 다음 내용이 없습니다: "never said". 현재 내용: "ready for work"',
    ],
    "{ pod: shell, matches: '^never' }": [
      'Pod shell: logs does not match /^never/; it is "ready for work"',
      'Pod shell: logs의 내용이 /^never/ 패턴과 맞지 않습니다. 현재 내용: "ready for work"',
    ],
    "{ pod: shell, previous: true, contains: x }": [
      'Pod shell: previous terminated container "app" in pod "shell" not found',
      'Pod shell: previous terminated container "app" in pod "shell" not found',
    ],
    "{ pod: crasher, contains: before the end }": [],
    "{ pod: nobody, contains: x }": ["Pod nobody: does not exist", "Pod nobody: 존재하지 않습니다"],
    "{ selector: app=nobody, contains: x }": ["Pod (app=nobody): there is none", "Pod (app=nobody): 하나도 없습니다"],
    "{ pod: typo, contains: x }": [
      'Pod typo: container "app" in pod "typo" is waiting to start: image can\'t be pulled',
      'Pod typo: container "app" in pod "typo" is waiting to start: image can\'t be pulled',
    ],
  },
  exec: {
    "{ pod: shell, command: [echo, hello], stdout: { equals: hello } }": [],
    "{ pod: shell, command: [sh, -c, exit 4], exitCode: 4 }": [],
    "{ pod: shell, command: [cat, /etc/hostname], stdout: { contains: web } }": [
      'Pod shell: `cat /etc/hostname` does not contain "web"; it is "shell"',
      'Pod shell: `cat /etc/hostname`에 다음 내용이 없습니다: "web". 현재 내용: "shell"',
    ],
    "{ pod: shell, command: [cat, /no/such] }": [
      "Pod shell: `cat /no/such` exit code is 1, should be 0",
      "Pod shell: `cat /no/such` exit code 현재 값은 1, 기대하는 값은 0",
      "Pod shell: `cat /no/such` said: cat: can't open '/no/such': No such file or directory",
      "Pod shell: `cat /no/such`의 오류 출력: cat: can't open '/no/such': No such file or directory",
    ],
    "{ pod: crasher, command: [echo, x] }": [
      "Pod crasher: its container does not run",
      "Pod crasher: 컨테이너가 실행 중이 아닙니다",
    ],
    "{ pod: typo, command: [echo, x] }": [
      "Pod typo: its container does not run (ErrImagePull)",
      "Pod typo: 컨테이너가 실행 중이 아닙니다 (ErrImagePull)",
    ],
    "{ pod: typo, container: app, command: [echo, x] }": [
      "Pod typo: its container app does not run (ErrImagePull)",
      "Pod typo: 컨테이너(app)가 실행 중이 아닙니다 (ErrImagePull)",
    ],
    "{ pod: nobody, command: [echo, x] }": ["Pod nobody: does not exist", "Pod nobody: 존재하지 않습니다"],
  },
  http: {
    "{ from: shell, url: 'http://web/', body: Welcome to nginx }": [],
    "{ from: web, url: 'http://web/' }": [],
    "{ from: shell, url: 'http://web/none', status: 404 }": [],
    "{ from: shell, url: 'http://web/none' }": [
      "Pod shell: GET http://web/none status is 404, should be 200",
      "Pod shell: GET http://web/none status 현재 값은 404, 기대하는 값은 200",
    ],
    "{ from: shell, url: 'http://web/', body: Welcome to Apache }": [
      'Pod shell: GET http://web/ does not contain "Welcome to Apache"; it is "…\\">nginx.com</a>.</p>\\n\\n<p><em>Thank you for using nginx.</em></p>\\n</body>\\n</html>"',
      'Pod shell: GET http://web/에 다음 내용이 없습니다: "Welcome to Apache". 현재 내용: "…\\">nginx.com</a>.</p>\\n\\n<p><em>Thank you for using nginx.</em></p>\\n</body>\\n</html>"',
    ],
    "{ from: shell, url: 'http://other/' }": [
      "Pod shell: gets no answer from http://other/ (wget: can't connect to remote host (IP): Connection refused)",
      "Pod shell: http://other/에서 응답이 없습니다 (wget: can't connect to remote host (IP): Connection refused)",
    ],
    "{ from: shell, url: 'http://nowhere/' }": [
      "Pod shell: gets no answer from http://nowhere/ (wget: bad address 'nowhere')",
      "Pod shell: http://nowhere/에서 응답이 없습니다 (wget: bad address 'nowhere')",
    ],
    "{ from: locked, url: 'http://web/' }": [
      "Pod locked: gets no answer from http://web/ (wget: download timed out)",
      "Pod locked: http://web/에서 응답이 없습니다 (wget: download timed out)",
    ],
    "{ from: nobody, url: 'http://web/' }": ["Pod nobody: does not exist", "Pod nobody: 존재하지 않습니다"],
  },
  connect: {
    "{ from: shell, to: web, port: 80 }": [],
    "{ from: shell, to: { pod: web }, port: 80 }": [],
    "{ from: shell, to: web, port: 80, allowed: false }": [
      "Pod shell: reaches web on port 80, but should not",
      "Pod shell: web의 포트 80에 연결됩니다. 연결되지 않아야 합니다",
    ],
    "{ from: locked, to: { pod: web }, port: 80, allowed: false }": [],
    "{ from: locked, to: { pod: web }, port: 80 }": [
      "Pod locked: cannot reach Pod web on port 80",
      "Pod locked: Pod web의 포트 80에 연결할 수 없습니다",
    ],
    "{ from: shell, to: { pod: web }, port: 81 }": [
      "Pod shell: cannot reach Pod web on port 81",
      "Pod shell: Pod web의 포트 81에 연결할 수 없습니다",
    ],
    "{ from: web, to: { pod: web }, port: 81 }": [
      "Pod web: cannot reach Pod web on port 81 (curl: (7) Failed to connect to IP port 81 after 0 ms: Could not connect to server)",
      "Pod web: Pod web의 포트 81에 연결할 수 없습니다 (curl: (7) Failed to connect to IP port 81 after 0 ms: Could not connect to server)",
    ],
    "{ from: shell, to: { pod: nobody }, port: 80 }": ["Pod nobody: does not exist", "Pod nobody: 존재하지 않습니다"],
    "{ from: shell, to: { pod: typo }, port: 80 }": [
      "Pod shell: cannot reach Pod typo on port 80",
      "Pod shell: Pod typo의 포트 80에 연결할 수 없습니다",
    ],
    "{ from: shell, to: { pod: lost }, port: 80 }": [
      "Pod lost: has no address yet",
      "Pod lost: 아직 IP 주소가 없습니다",
    ],
    "{ from: nobody, to: web, port: 80 }": ["Pod nobody: does not exist", "Pod nobody: 존재하지 않습니다"],
  },
  dns: {
    "{ from: shell, name: web }": [],
    "{ from: shell, name: web.default, service: { name: web } }": [],
    "{ from: shell, name: web.nowhere, resolves: false }": [],
    "{ from: locked, name: web.default.svc.cluster.local, service: { name: web } }": [],
    "{ from: web, name: web.default.svc.cluster.local, service: { name: web } }": [],
    "{ from: shell, name: other.default.svc.cluster.local, service: { name: web } }": [
      'Pod shell: DNS other.default.svc.cluster.local is ["IP"], should be ["IP"]',
      'Pod shell: DNS other.default.svc.cluster.local 현재 값은 ["IP"], 기대하는 값은 ["IP"]',
    ],
    "{ from: shell, name: none.default.svc.cluster.local, resolves: false }": [],
    "{ from: shell, name: web, resolves: false }": [
      "Pod shell: resolves web, but should not",
      "Pod shell: 조회되지 않아야 할 이름이 조회됩니다: web",
    ],
    "{ from: shell, name: none.default.svc.cluster.local }": [
      "Pod shell: cannot resolve none.default.svc.cluster.local",
      "Pod shell: 이름을 조회할 수 없습니다: none.default.svc.cluster.local",
    ],
    "{ from: shell, name: web.default.svc.cluster.local, service: { name: nobody } }": [
      "Service nobody: does not exist",
      "Service nobody: 존재하지 않습니다",
    ],
  },
  can: {
    "{ serviceAccount: default, verb: get, resource: pods, allowed: false }": [],
    "{ user: system:admin, groups: ['system:masters'], verb: '*', resource: '*' }": [],
    "{ serviceAccount: default, verb: get, resource: pods }": [
      "ServiceAccount default: may not get pods, but should",
      "ServiceAccount default: get pods 권한이 없습니다. 있어야 합니다",
    ],
    "{ user: mina, verb: list, resource: deployments.apps }": [
      "mina: may not list deployments.apps, but should",
      "mina: list deployments.apps 권한이 없습니다. 있어야 합니다",
    ],
    "{ groups: ['system:masters'], user: root, verb: delete, resource: nodes, clusterWide: true, allowed: false }": [
      "root: may delete nodes, but should not",
      "root: delete nodes 권한이 있습니다. 없어야 합니다",
    ],
  },
};

Deno.test("criteria that look inside, on a memory cluster", options, async (t) => {
  await using cluster = await inProcessCluster();
  for (const one of SCENE) await cluster.objects.create(one);
  await waitForRest(cluster, "default");

  for (const [criterion, cases] of Object.entries(CASES)) {
    await t.step({
      name: criterion,
      ...options,
      async fn() {
        for (const [text, expected] of Object.entries(cases)) {
          assert.deepEqual(await says(cluster, `${criterion}: ${text}`), expected, `${criterion}: ${text}`);
        }
      },
    });
  }

  await t.step("a command that never ends, and one that is not there, are trouble of the check", async () => {
    const endless = says(cluster, 'exec: { pod: shell, command: [sh, -c, "while true; do sleep 1; done"] }');
    await assert.rejects(endless, (error) => error instanceof ApiError && /did not end in time/.test(error.message));
    const missing = says(cluster, "exec: { pod: shell, command: [no-such-program] }");
    await assert.rejects(
      missing,
      (error) => error instanceof ApiError && /executable file not found/.test(error.message),
    );
  });

  await t.step("can: holds as soon as a role is bound", async () => {
    const text = "can: { serviceAccount: default, verb: get, resource: pods }";
    const rbac = "rbac.authorization.k8s.io";
    await cluster.objects.create(
      object(`${rbac}/v1`, "Role", "reader", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
    );
    await cluster.objects.create(object(`${rbac}/v1`, "RoleBinding", "reader", {
      roleRef: { apiGroup: rbac, kind: "Role", name: "reader" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: "default" }],
    }));
    assert.deepEqual(await says(cluster, text), []);
    assert.deepEqual(await says(cluster, text.replace(" }", ", clusterWide: true }")), [
      "ServiceAccount default: may not get pods, but should",
      "ServiceAccount default: get pods 권한이 없습니다. 있어야 합니다",
    ]);
  });

  await t.step("answer: unanswered, wrong, right, and wrong again when the cluster has changed", async () => {
    const text = `answer:
  question: running
  of: { apiVersion: v1, kind: Pod, selector: "app in (shell,web)" }
  value: objects.map(one, one.metadata.name)`;
    const answers = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "answers", namespace: "default" } };
    assert.deepEqual(await says(cluster, text), [
      "`running`: is not answered yet: `drydock answer running …`",
      "`running`: 아직 답하지 않았습니다: `drydock answer running …`",
    ]);
    await cluster.objects.apply({ ...answers, data: { running: "shell" } });
    const wrong = ['`running`: "shell" is not the answer', '`running`: 정답이 아닙니다: "shell"'];
    assert.deepEqual(await says(cluster, text), wrong);
    await cluster.objects.apply({ ...answers, data: { running: "web, shell" } });
    assert.deepEqual(await says(cluster, text), []);
    await cluster.objects.delete({ apiVersion: "v1", kind: "Pod", namespace: "default", name: "web" }, {
      gracePeriodSeconds: 0,
    });
    assert.equal((await says(cluster, text)).length, 2);
  });

  await t.step("code: a function of checks.ts looks inside, too", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "exercise.yaml");
    await writeFile(join(folder, "checks.ts"), SOURCE);
    assert.deepEqual(await says(cluster, "code: sameHost", file), []);
    assert.deepEqual(await says(cluster, "code: otherHost", file), [
      'Pod shell: hostname is "shell", should be "web"',
      'Pod shell: hostname 현재 값은 "shell", 기대하는 값은 "web"',
    ]);
    await assert.rejects(says(cluster, "code: noHost", file), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.text.en, /exports no function noHost/);
      assert.match(error.text.ko, /내보내지 않는 함수입니다: noHost/);
      return true;
    });
  });
});

const SOURCE = `
const host = async ({ objects, namespace }, should) => {
  const { stdout } = await objects.exec({ namespace, name: "shell" }, ["hostname"]);
  return stdout.trim() === should ? [] : [{ subject: "Pod shell", path: "hostname", is: stdout.trim(), should }];
};
export const sameHost = (scope) => host(scope, "shell");
export const otherHost = (scope) => host(scope, "web");
`;
