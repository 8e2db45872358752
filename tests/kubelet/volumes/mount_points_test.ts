/** Where in an image a volume can be mounted. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import { volumes } from "./pod_volumes.ts";

for (const subPath of [undefined, "nginx.cnf"]) {
  volumes(`a folder cannot be mounted where a file is: ${subPath ?? "no subPath"}`, async (cluster) => {
    const data = { "nginx.conf": "events {}" };
    await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
    const mountPath = "/etc/nginx/nginx.conf";
    const mount = { name: "v", mountPath, ...subPath === undefined ? {} : { subPath } };
    await cluster.run({
      volumes: [{ name: "v", configMap: { name: "c" } }],
      containers: [{ name: "app", image: "nginx:1.27", volumeMounts: [mount] }],
    });
    await cluster.advance(3);
    const { metadata: { uid }, status } = await cluster.pod();
    const { waiting } = status!.containerStatuses![0].state;
    assert.equal(waiting?.reason, "RunContainerError");
    const part = subPath === undefined ? "volumes/kubernetes.io~configmap/v" : "volume-subpaths/v/app/0";
    const source = `/var/lib/kubelet/pods/${uid}/${part}`;
    assert.equal(
      waiting?.message?.split("error during container init: ")[1],
      `error mounting "${source}" to rootfs at "${mountPath}": mount src=${source}, dst=${mountPath}, ` +
        "dstFd=/proc/thread-self/fd/11, flags=MS_RDONLY|MS_BIND|MS_REC: not a directory",
    );
  });
}

for (
  const [mountPath, subPath, why] of [
    ["/etc/nginx", "nginx.conf", /: mount src=\S+\/volume-subpaths\/v\/app\/0, dst=\/etc\/nginx, .*: not a directory$/],
    ["/etc/resolv.conf", undefined, /: mount src=\S+~configmap\/v, dst=\/etc\/resolv\.conf, .*: not a directory$/],
    ["/etc/passwd/x", undefined, /: create mountpoint for \/etc\/passwd\/x mount: .*: not a directory$/],
  ] as const
) {
  volumes(`a mount that does not fit what the image has at ${mountPath}`, async (cluster) => {
    const data = { "nginx.conf": "events {}" };
    await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
    const mount = { name: "v", mountPath, ...subPath === undefined ? {} : { subPath } };
    await cluster.run({
      volumes: [{ name: "v", configMap: { name: "c" } }],
      containers: [{ name: "app", image: "nginx:1.27", volumeMounts: [mount] }],
    });
    await cluster.advance(3);
    assert.match((await cluster.pod()).status!.containerStatuses![0].state.waiting!.message!, why);
  });
}

volumes("a file of a ConfigMap may replace one of the image", async (cluster) => {
  const data = { "nginx.conf": "events {}\nhttp { server { listen 8080; } }\n" };
  await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
  const volumeMounts = [{ name: "v", mountPath: "/etc/nginx/nginx.conf", subPath: "nginx.conf" }];
  await cluster.run({
    volumes: [{ name: "v", configMap: { name: "c" } }],
    containers: [{
      name: "app",
      image: "nginx:1.27",
      volumeMounts,
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
    }],
  });
  await cluster.advance(5);
  assert.equal((await cluster.pod()).status!.containerStatuses![0].ready, true);
});
