import assert from "node:assert/strict";
import { isLoopback, looksLocal } from "../../cluster/remote/locality.ts";

const REMOTE = "https://203.0.113.7:6443";

for (
  const name of [
    "kind-study",
    "minikube",
    "k3d-dev",
    "docker-desktop",
    "rancher-desktop",
    "orbstack",
    "colima",
    "colima-x86",
  ]
) {
  Deno.test(`the context ${name} looks local`, () => assert.ok(looksLocal({ name, server: REMOTE })));
}

for (const name of ["production", "my-kind-cluster", "minikube-prod", "docker-desktop-2", "colimax", "gke_x_k3d-y"]) {
  Deno.test(`the context ${name} does not look local`, () => assert.ok(!looksLocal({ name, server: REMOTE })));
}

Deno.test("a server on this machine is local, whatever its context is called", () => {
  for (
    const server of ["https://127.0.0.1:6443", "https://127.1.2.3", "https://localhost:8443", "https://[::1]:6443"]
  ) {
    assert.ok(isLoopback(server), server);
  }
  for (const server of ["https://127.0.0.1.example.com", "https://localhost.example.com", REMOTE, "not a URL", ""]) {
    assert.ok(!isLoopback(server), server);
  }
});
