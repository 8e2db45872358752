import assert from "node:assert/strict";
import { completeApi, httpClient } from "../testing.ts";

Deno.test("addresses in the status of services and ingresses are warned of where they are not canonical", async () => {
  const send = httpClient(await completeApi());
  const cases = [
    ["/api/v1/namespaces/default/services", { type: "LoadBalancer", ports: [{ port: 80 }] }],
    ["/apis/networking.k8s.io/v1/namespaces/default/ingresses", {
      defaultBackend: {
        resource: {
          kind: "Bucket",
          name: "files",
        },
      },
    }],
  ] as const;
  for (const [path, spec] of cases) {
    assert.equal((await send("POST", path, { body: { metadata: { name: "web" }, spec } })).status, 201);
    const report = (ip: string) =>
      send("PATCH", `${path}/web/status`, {
        body: { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }, { ip }] } } },
        headers: { "content-type": "application/merge-patch+json" },
      });
    const { status, headers } = await report("2001:db8:0:0::2");
    assert.equal(status, 200);
    assert.deepEqual(headers.Warning, [
      '299 - "status.loadBalancer.ingress[1]: IPv6 address \\"2001:db8:0:0::2\\" should be in RFC 5952 canonical format ' +
      '(\\"2001:db8::2\\")"',
    ]);
    assert.equal((await report("2001:db8::2")).headers.Warning, undefined);
  }
});
