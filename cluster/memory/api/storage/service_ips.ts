/**
 * The addresses of services: each is taken by an IPAddress object, as long as its service has it.
 *
 * Source: `pkg/registry/core/service/ipallocator`.
 */
import type { Clock } from "../../clock.ts";
import { type Cidr, cidrText, ipText, ipv4Number, ipv4Text, parseCidr, parseIp } from "../../kinds/ip_address.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { IPAddress } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { fillSystemFields } from "../registry/metadata.ts";

export const SERVICE_CIDR = "10.96.0.0/16";

const BUCKET = "networking.k8s.io/ipaddresses";

/** Why an address is not to be had, in Kubernetes' words. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** The lowest addresses are for those who ask for one: others are drawn from above them. */
function reserved(size: number): number {
  return Math.min(Math.max(16, Math.floor(size / 16)), 256, size);
}

export class ServiceIps {
  readonly #range: Cidr;
  readonly #first: number;
  readonly #size: number;

  constructor(readonly store: Store, readonly clock: Clock, cidr = SERVICE_CIDR) {
    this.#range = parseCidr(cidr)!;
    this.#first = ipv4Number(ipText(this.#range.address));
    // Neither the network's own address nor the one for all of it.
    this.#size = 2 ** (32 - this.#range.prefix) - 2;
  }

  /** What a service would get that is not stored. */
  get dryRun(): string {
    return ipText(this.#range.address);
  }

  /** Takes an address for a service. @throws {AddressError} */
  take(ip: string, service: KubeObject, dryRun: boolean): void {
    const offset = ipv4Number(ip) - this.#first;
    if (parseIp(ip)?.family !== 4 || offset < 1 || offset > this.#size) {
      const range = cidrText(this.#range);
      throw new AddressError(`the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${range}`);
    }
    if (this.store.get(BUCKET, ip) !== undefined) throw new AddressError("provided IP is already allocated");
    if (!dryRun) this.store.create(BUCKET, ip, this.#addressObject(ip, service));
  }

  /** Takes any address for a service; undefined when there is none left. */
  takeAny(service: KubeObject): string | undefined {
    const low = reserved(this.#size);
    return this.#takeFrom(low, this.#size - low, service) ?? this.#takeFrom(0, low, service);
  }

  giveBack(ip: string): void {
    if (this.store.get(BUCKET, ip) !== undefined) this.store.delete(BUCKET, ip);
  }

  #takeFrom(start: number, size: number, service: KubeObject): string | undefined {
    const begin = Math.floor(this.clock.random() * size);
    for (let i = 0; i < size; i++) {
      const ip = ipv4Text(this.#first + 1 + start + (begin + i) % size);
      if (this.store.get(BUCKET, ip) !== undefined) continue;
      this.store.create(BUCKET, ip, this.#addressObject(ip, service));
      return ip;
    }
    return undefined;
  }

  #addressObject(name: string, { metadata: service }: KubeObject): IPAddress {
    const metadata: { name: string; labels: Record<string, string>; generation: number } = {
      name,
      generation: 1,
      labels: {
        "ipaddress.kubernetes.io/ip-family": "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      },
    };
    fillSystemFields(metadata, this.clock);
    const { name: owner = "", namespace } = service;
    return {
      kind: "IPAddress",
      apiVersion: "networking.k8s.io/v1",
      metadata,
      spec: { parentRef: { resource: "services", namespace, name: owner } },
    };
  }
}
