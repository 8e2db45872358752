/** Images of one's own, from the file to the container that runs. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findKubectl } from "../find_kubectl.ts";
import { newPerson } from "./drydock.ts";

const kubectl = findKubectl();

const WEB = `image: study/web
tags: ["1.0"]
entrypoint: [/app/server]
programs:
  /app/server: { log: ["it runs"], listens: [{ port: 80, answers: [{ path: /, body: "mine\\n" }] }] }
`;

Deno.test("drydock image: added, listed, removed; what is wrong is not added", async () => {
  const { state, drydock } = await newPerson();
  const folder = join(state, "given");
  await mkdir(folder);
  await writeFile(join(folder, "web.yaml"), WEB);
  await writeFile(join(folder, "others.yaml"), "plain: [mycompany/app]\n");
  assert.deepEqual(await drydock("image", "list"), {
    code: 0,
    stdout: "",
    stderr: "No images were added. `drydock image add FILE` adds some.\n",
  });
  const added = await drydock("image", "add", folder);
  assert.deepEqual([added.code, added.stdout], [0, "Added: study/web\nAdded: mycompany/app\n"]);
  assert.equal(
    (await drydock("image", "list")).stdout,
    "mycompany/app  a plain container  (others)\nstudy/web  1.0  (web)\n",
  );
  await writeFile(join(folder, "web.yaml"), "image: study/web\nport: 80\n");
  const refused = await drydock("--lang", "ko", "image", "add", join(folder, "web.yaml"));
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /web\.yaml:2:1: port: 알 수 없는 필드입니다/);
  assert.match((await drydock("image", "list")).stdout, /study\/web {2}1\.0/);
  assert.equal((await drydock("image", "remove", "study/web")).stdout, "Removed: study/web\n");
  assert.equal((await drydock("image", "remove", "study/web")).code, 2);
  assert.equal((await drydock("image", "add", join(folder, "none.yaml"))).code, 2);
});

Deno.test({
  name: `drydock image: a cluster that starts then pulls it${kubectl === undefined ? " (no kubectl)" : ""}`,
  ignore: kubectl === undefined,
  async fn() {
    const { state, drydock } = await newPerson();
    await writeFile(join(state, "web.yaml"), WEB);
    await drydock("image", "add", join(state, "web.yaml"));
    const script = `k() { ${JSON.stringify(kubectl)} "$@"; }
      k run web --image study/web:1.0 >/dev/null && k wait pod/web --for condition=Ready --timeout 30s >/dev/null && k logs web`;
    const { code, stdout, stderr } = await drydock("run", "--speed", "10", "--", "sh", "-c", script);
    assert.deepEqual([code, stdout], [0, "it runs\n"], stderr);
  },
});
