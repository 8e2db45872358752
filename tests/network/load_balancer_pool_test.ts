import assert from "node:assert/strict";
import type { Service } from "../../cluster/memory/kinds/schema/types.ts";
import { loadBalancerPool } from "../../cluster/memory/network/load_balancer_pool.ts";

const balancer = (uid: string, loadBalancerIP?: string, ip?: string): Service => ({
  metadata: { uid },
  spec: { type: "LoadBalancer", loadBalancerIP },
  status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
});

Deno.test("load balancers: each service has an address of its own and keeps it", () => {
  const services = [balancer("a"), balancer("b"), balancer("c", undefined, "172.30.200.1")];
  const address = loadBalancerPool("172.30.200.0/29", () => services);
  assert.deepEqual(services.map(address), ["172.30.200.2", "172.30.200.3", "172.30.200.1"]);
  assert.equal(address(services[0]), "172.30.200.2");
});

Deno.test("load balancers: an address comes back when its service is gone", () => {
  let services = [balancer("a"), balancer("b")];
  const address = loadBalancerPool("172.30.200.0/30", () => services);
  assert.deepEqual(services.map(address), ["172.30.200.1", "172.30.200.2"]);
  assert.throws(() => address(balancer("c")), /no address left in 172\.30\.200\.0\/30/);
  services = [balancer("b"), balancer("c")];
  assert.equal(address(services[1]), "172.30.200.1");
});

Deno.test("load balancers: an address that is asked for is given once", () => {
  const services = [balancer("a", "172.30.200.9"), balancer("b", "172.30.200.9")];
  const address = loadBalancerPool("172.30.200.0/24", () => services);
  assert.equal(address(services[0]), "172.30.200.9");
  assert.throws(() => address(services[1]), /another service's/);
  assert.throws(() => loadBalancerPool("fd00::/64", () => []), /not a range of IPv4/);
});
