import assert from "node:assert/strict";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { findImage, fullName, registryWith } from "../../../cluster/memory/kubelet/images/registry.ts";
import { containerRuntime } from "../../../cluster/memory/kubelet/runtime/container_runtime.ts";
import { plainConfig } from "../runtime/container.ts";

const { pullError } = registryWith({ images: [], plain: [] });

Deno.test("registry: short names are those of Docker Hub, and an image has a digest", () => {
  assert.equal(fullName("nginx"), "docker.io/library/nginx:latest");
  assert.match(findImage("docker.io/library/nginx:1.27")!.digest, /^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
  assert.equal(fullName("NGINX"), undefined);
});

Deno.test("registry: what cannot be had is told as the registry would", () => {
  const why = (name: string, code = "") => {
    const full = fullName(name)!;
    assert.equal(findImage(full), undefined);
    const start = `${code}failed to pull and unpack image "${full}": failed to resolve image: `;
    assert.ok(pullError(full).startsWith(start));
    return pullError(full).slice(start.length);
  };
  const notFound = "rpc error: code = NotFound desc = ";
  assert.equal(why("nginx:no-such-tag", notFound), "docker.io/library/nginx:no-such-tag: not found");
  // The documentation's own example of a version that has been mistyped.
  assert.equal(why("nginx:1.161", notFound), "docker.io/library/nginx:1.161: not found");
  assert.match(why("ngnix"), /^pull access denied, repository does not exist or may require authorization: /);
  assert.equal(why("registry.k8s.io/none:1", notFound), "registry.k8s.io/none:1: not found");
  assert.match(
    why("registry.example.com:5000/team/app:1"),
    /^failed to do request: Head "https:\/\/registry\.example\.com:5000\/v2\/team\/app\/manifests\/1": dial tcp: lookup registry\.example\.com on [\d.]+:53: no such host$/,
  );
});

Deno.test("registry: what courses use can be had, and its first program is there", async (t) => {
  const images =
    "busybox busybox:1.28 alpine:3.20 nginx nginx:1.14.2 nginx:1.27-alpine nginx:stable-alpine httpd:2.4-alpine redis:7-alpine mysql:5.7 " +
    "mysql:8 postgres:16-alpine mariadb:11 mongo:6 rabbitmq:3-management wordpress:6-apache memcached perl:5.34.0 " +
    "ubuntu:22.04 debian:bookworm-slim python:3.12-slim node:20-alpine golang:1.22 bash tomcat:9 hello-world " +
    "curlimages/curl:8.10.1 registry.k8s.io/e2e-test-images/jessie-dnsutils:1.7 tutum/dnsutils nicolaka/netshoot " +
    "registry.k8s.io/e2e-test-images/agnhost:2.53 registry.k8s.io/e2e-test-images/nginx:1.15-4 registry.k8s.io/pause:3.9 " +
    "k8s.gcr.io/pause:3.6 registry.k8s.io/nginx-slim:0.24 registry.k8s.io/coredns/coredns:v1.12.1 registry.k8s.io/kube-proxy:v1.36.0 " +
    "registry.k8s.io/etcd:3.6.5-0 kodekloud/webapp-color:v2 hashicorp/http-echo:1.0 gcr.io/google-samples/hello-app:1.0 " +
    "registry.k8s.io/hpa-example registry.k8s.io/echoserver:1.4 kicbase/echo-server:1.0 polinux/stress vish/stress " +
    "bitnami/nginx bitnami/kubectl quay.io/fluentd_elasticsearch/fluentd:v5.0.1 gcr.io/google_samples/gb-frontend:v5";
  for (const name of images.split(" ")) {
    await t.step(name, async () => {
      const found = findImage(fullName(name)!);
      assert.notEqual(found, undefined);
      const { image } = found!;
      const reports: unknown[] = [];
      const clock = virtualClock();
      const process = containerRuntime.start(
        { ...plainConfig(image, name.split(":")[1]), report: (error) => reports.push(error) },
        { stdout() {}, stderr() {} },
        clock,
      );
      await clock.advance(1_000);
      process.signal("SIGKILL");
      assert.deepEqual(reports, []);
    });
  }
});
