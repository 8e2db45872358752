import assert from "node:assert/strict";
import { findImage, fullName, pullError } from "../../../cluster/memory/kubelet/images/registry.ts";

Deno.test("registry: short names are those of Docker Hub, and an image has a digest", () => {
  assert.equal(fullName("nginx"), "docker.io/library/nginx:latest");
  assert.match(findImage("docker.io/library/nginx:1.27")!.digest, /^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
  assert.equal(fullName("NGINX"), undefined);
});

Deno.test("registry: what cannot be had is told as the registry would", () => {
  const why = (name: string) => {
    const full = fullName(name)!;
    assert.equal(findImage(full), undefined);
    const start = `failed to pull and unpack image "${full}": failed to resolve image: `;
    assert.ok(pullError(full).startsWith(start));
    return pullError(full).slice(start.length);
  };
  assert.equal(why("nginx:no-such-tag"), "docker.io/library/nginx:no-such-tag: not found");
  assert.match(why("ngnix"), /^pull access denied, repository does not exist or may require authorization: /);
  assert.equal(why("registry.k8s.io/none:1"), "registry.k8s.io/none:1: not found");
  assert.match(
    why("registry.example.com:5000/team/app:1"),
    /^failed to do request: Head "https:\/\/registry\.example\.com:5000\/v2\/team\/app\/manifests\/1": dial tcp: lookup registry\.example\.com on [\d.]+:53: no such host$/,
  );
});
