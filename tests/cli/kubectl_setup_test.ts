import assert from "node:assert/strict";
import { exportLine, kubectlSetup } from "../../cli/kubectl_setup.ts";

Deno.test("the line to export is one that a shell takes", () => {
  assert.equal(exportLine("/home/mina/kubeconfig", "linux"), "export KUBECONFIG=/home/mina/kubeconfig");
  assert.equal(exportLine("/Users/mi na/it's", "darwin"), `export KUBECONFIG='/Users/mi na/it'\\''s'`);
  assert.equal(exportLine("C:\\Users\\mina\\kubeconfig", "win32"), '$env:KUBECONFIG = "C:\\Users\\mina\\kubeconfig"');
});

Deno.test("kubectl is led to the cluster, the context and the namespace", () => {
  const server = "https://127.0.0.1:6443";
  assert.deepEqual(kubectlSetup({ context: "kind-a", server }, "shop"), [
    "kubectl config use-context kind-a",
    "kubectl config set-context --current --namespace=shop",
  ]);
  assert.match(kubectlSetup({ context: "drydock", server, path: "/k" }, "shop")[0], /KUBECONFIG/);
});
