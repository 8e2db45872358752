import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Problem } from "../../cluster/problem.ts";
import { contextOf, kubeconfigPaths, loadKubeconfig } from "../../cluster/remote/kubeconfig.ts";
import { temporaryFolder } from "../temporary_folder.ts";

// Loading the official client leaves a timer of its HTTP library.
const options = { sanitizeOps: false, sanitizeResources: false };

const config = (name: string, server: string) => `
apiVersion: v1
kind: Config
current-context: ${name}
clusters: [{ name: ${name}, cluster: { server: "${server}", certificate-authority: ca.pem } }]
users: [{ name: ${name}, user: {} }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name} } }]
`;

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

Deno.test("KUBECONFIG names several files; without it there is the one at home", () => {
  assert.deepEqual(kubeconfigPaths({ KUBECONFIG: ["a", "", "b"].join(delimiter) }), ["a", "b"]);
  assert.deepEqual(kubeconfigPaths({}), [join(homedir(), ".kube", "config")]);
});

Deno.test("files are merged, the first that names something wins, missing ones are passed over", options, async () => {
  const folder = await folderWith({
    one: config("a", "https://one"),
    two: config("b", "https://two"),
    three: config("a", "https://three"),
  });
  const paths = ["none", "one", "two", "three"].map((name) => join(folder, name));
  const loaded = (await loadKubeconfig(paths))!;
  assert.deepEqual(loaded.paths, paths.slice(1));
  assert.deepEqual(contextOf(loaded.config), { name: "a", server: "https://one" });
  assert.deepEqual(contextOf(loaded.config, "b"), { name: "b", server: "https://two" });
  assert.equal(contextOf(loaded.config, "c"), undefined);
  assert.equal(loaded.config.clusters[0].caFile, join(folder, "ca.pem"));
});

Deno.test("where there is no file there is nothing", options, async () => {
  assert.equal(await loadKubeconfig(["/no/such/file"]), undefined);
});

for (
  const [what, text, message] of [
    ["no YAML", "clusters: [", /is not a kubeconfig/],
    ["a cluster without a server", "clusters: [{ name: a, cluster: {} }]", /is not a kubeconfig/],
  ] as const
) {
  Deno.test(`refused: ${what}`, options, async () => {
    const path = join(await folderWith({ config: text }), "config");
    await assert.rejects(
      loadKubeconfig([path]),
      (error) => error instanceof Problem && error.kind === "usage" && message.test(error.text.en),
    );
  });
}

Deno.test("a file that cannot be read is told with the reason", options, async () => {
  const folder = join(await folderWith({}), "config");
  await mkdir(folder);
  await assert.rejects(
    loadKubeconfig([folder]),
    (error) => error instanceof Problem && /cannot be read \(EISDIR\)/.test(error.text.en),
  );
});
