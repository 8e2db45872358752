/**
 * The addresses of services: each is in the range of a ServiceCIDR, and taken by an IPAddress object as long as its
 * service has it.
 *
 * Source: `pkg/registry/core/service/ipallocator`.
 */
import type { Clock } from "../../clock.ts";
import {
  type Cidr,
  cidrContains,
  cidrText,
  ipText,
  ipv4Number,
  ipv4Text,
  parseCidr,
  parseIp,
} from "../../kinds/ip_address.ts";
import type { KubeObject } from "../../kinds/object.ts";
import { SERVICE_CIDR } from "../../kinds/networking/service_cidr.ts";
import type { IPAddress, ServiceCIDR } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { fillSystemFields } from "../registry/metadata.ts";

const BUCKET = "networking.k8s.io/ipaddresses";
const RANGES = "networking.k8s.io/servicecidrs";

/** Why an address is not to be had, in Kubernetes' words. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

interface Range {
  readonly cidr: Cidr;
  /** The network's own address as a number; neither it nor the one for all of the network is given. */
  readonly first: number;
  readonly size: number;
}

function rangeOf(text: string): Range | undefined {
  const cidr = parseCidr(text);
  if (cidr?.address.family !== 4) return undefined;
  return { cidr, first: ipv4Number(ipText(cidr.address)), size: 2 ** (32 - cidr.prefix) - 2 };
}

/** The lowest addresses are for those who ask for one: others are drawn from above them. */
function reserved(size: number): number {
  return Math.min(Math.max(16, Math.floor(size / 16)), 256, size);
}

export class ServiceIps {
  constructor(readonly store: Store, readonly clock: Clock) {}

  /** What a service would get that is not stored. */
  get dryRun(): string | undefined {
    const [range] = this.#ranges();
    return range && ipText(range.cidr.address);
  }

  /** Takes an address for a service. @throws {AddressError} */
  take(ip: string, service: KubeObject, dryRun: boolean): void {
    const address = parseIp(ip);
    const ranges = this.#ranges();
    const inside = ranges.find(({ cidr }) => address !== undefined && cidrContains(cidr, address));
    // A dry run asks any range; who really takes an address asks the one that it is in.
    const range = inside ?? (dryRun ? ranges[0] : undefined);
    if (range === undefined) throw new AddressError("the provided network does not match the current range");
    const offset = ipv4Number(ip) - range.first;
    if (inside === undefined || offset < 1 || offset > range.size) {
      const text = cidrText(range.cidr);
      throw new AddressError(`the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${text}`);
    }
    if (this.store.get(BUCKET, ip) !== undefined) throw new AddressError("provided IP is already allocated");
    if (!dryRun) this.store.create(BUCKET, ip, this.#addressObject(ip, service));
  }

  /** Takes any address for a service; undefined when there is none left. */
  takeAny(service: KubeObject): string | undefined {
    for (const { first, size } of this.#ranges()) {
      const low = reserved(size);
      const ip = this.#takeFrom(first + low, size - low, service) ?? this.#takeFrom(first, low, service);
      if (ip !== undefined) return ip;
    }
    return undefined;
  }

  /** Those that addresses are given from, the oldest first; the server's own before any is written down. */
  #ranges(): readonly Range[] {
    const known = this.store.list<ServiceCIDR>(RANGES).map(({ object }) => object);
    if (known.length === 0) return [rangeOf(SERVICE_CIDR)!];
    const objects = known.filter(isReady).sort((a, b) =>
      Date.parse(a.metadata.creationTimestamp!) - Date.parse(b.metadata.creationTimestamp!)
    );
    return objects.flatMap(({ spec }) => spec?.cidrs ?? []).flatMap((text) => rangeOf(text) ?? []);
  }

  giveBack(ip: string): void {
    if (this.store.get(BUCKET, ip) !== undefined) this.store.delete(BUCKET, ip);
  }

  #takeFrom(start: number, size: number, service: KubeObject): string | undefined {
    const begin = Math.floor(this.clock.random() * size);
    for (let i = 0; i < size; i++) {
      const ip = ipv4Text(start + 1 + (begin + i) % size);
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

/** Nobody has said yet that a range is not. */
function isReady({ metadata, status }: ServiceCIDR): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata.deletionTimestamp === undefined && (ready === undefined || ready.status === "True");
}
