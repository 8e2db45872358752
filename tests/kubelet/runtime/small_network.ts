/** A network of a few containers, for tests of what they say to each other. */
import { isAddress, type Network } from "../../../cluster/memory/kubelet/runtime/network.ts";
import type { ContainerProcess } from "../../../cluster/memory/kubelet/runtime/runtime.ts";

/** Names, each with an address of its own; what is undefined has an address and listens to nobody. */
export function smallNetwork(hosts: Readonly<Record<string, ContainerProcess | undefined>>): Network {
  const names = Object.keys(hosts);
  const addressOf = (name: string) => `10.0.0.${names.indexOf(name) + 1}`;
  return {
    connect(from, address, port) {
      const process = hosts[names.find((name) => addressOf(name) === address) ?? ""];
      if (process === undefined || !process.listens(port)) return Promise.resolve("refused");
      return Promise.resolve({
        http: (request) => process.http({ ...request, port, from: from.ip }),
        line: (text) => process.line?.(port, text),
        certificate: (name) => process.certificate?.(port, name),
      });
    },
    resolve: (_, name, type) =>
      Promise.resolve(
        type === "A" && names.includes(name) && !isAddress(name)
          ? { code: "NOERROR", records: [{ name, type, ttl: 5, value: addressOf(name) }] }
          : { code: "NXDOMAIN", records: [] },
      ),
  };
}

export const RESOLV_CONF = "nameserver 10.96.0.10\n";
