/**
 * Addresses for the pods of a node, out of the node's range: one after the other, beginning anew at the end, as the
 * host-local address manager gives them.
 *
 * Source: `containernetworking/plugins/plugins/ipam/host-local`.
 */
import { ipv4Number, ipv4Text } from "../kinds/ip_address.ts";

/** The addresses of one node. */
export class PodAddresses {
  readonly #base: number;
  readonly #size: number;
  readonly #used = new Set<number>();
  #last = 1;

  /** @param cidr the node's range, "10.244.1.0/24"; its first address is the node's own */
  constructor(cidr: string) {
    const [address, bits] = cidr.split("/");
    this.#base = ipv4Number(address);
    this.#size = 2 ** (32 - Number(bits));
  }

  /** A free address, undefined when all are taken. */
  take(): string | undefined {
    for (let tried = 0; tried < this.#size; tried++) {
      this.#last = this.#last + 1 >= this.#size - 1 ? 2 : this.#last + 1;
      if (this.#used.has(this.#last)) continue;
      this.#used.add(this.#last);
      return ipv4Text(this.#base + this.#last);
    }
    return undefined;
  }

  /** Takes a certain address, of a pod that is there already. */
  claim(address: string): void {
    this.#used.add(ipv4Number(address) - this.#base);
  }

  release(address: string): void {
    this.#used.delete(ipv4Number(address) - this.#base);
  }
}
