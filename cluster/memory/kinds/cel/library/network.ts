/** Addresses and networks. Source: `k8s.io/apiserver/pkg/cel/library/{ip,cidr}.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { type Cidr, ipText, networkOf, parseCidr, parseIp } from "../../ip_address.ts";
import { failure } from "./failure.ts";
import { registerNamespace } from "./namespace.ts";

class Ip {
  readonly #address;
  constructor(text: string) {
    const address = parseIp(text);
    if (address === undefined) throw failure(`IP Address "${text}" parse error during conversion from string`);
    if (address.mapped) throw failure(`IPv4-mapped IPv6 address "${text}" is not allowed`);
    this.#address = address;
  }
  get family() {
    return this.#address.family;
  }
  get bytes() {
    return this.#address.bytes;
  }
  toText() {
    return ipText(this.#address);
  }
}

class Network {
  readonly #cidr: Cidr;
  constructor(text: string) {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw failure(`network address parse error during conversion from string: "${text}"`);
    this.#cidr = cidr;
  }
  get prefix() {
    return this.#cidr.prefix;
  }
  /** The address as written, "10.1.2.3" of "10.1.2.3/8". */
  get ip() {
    return new Ip(ipText(this.#cidr.address));
  }
  get masked() {
    return new Network(`${ipText(networkOf(this.#cidr))}/${this.prefix}`);
  }
  toText() {
    return `${ipText(this.#cidr.address)}/${this.prefix}`;
  }
  contains(ip: Ip) {
    if (ip.family !== this.ip.family) return false;
    return new Network(`${ip.toText()}/${this.prefix}`).masked.toText() === this.masked.toText();
  }
}

const canBe = (make: () => unknown) => {
  try {
    make();
    return true;
  } catch {
    return false;
  }
};

const isLoopback = ({ family, bytes }: Ip) =>
  family === 4 ? bytes[0] === 127 : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
const isLinkLocalUnicast = ({ family, bytes }: Ip) =>
  family === 4 ? bytes[0] === 169 && bytes[1] === 254 : bytes[0] === 0xfe && (bytes[1] & 0xc0) === 0x80;
const isLinkLocalMulticast = ({ family, bytes }: Ip) =>
  family === 4 ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0 : bytes[0] === 0xff && (bytes[1] & 0x0f) === 2;
const isUnspecified = ({ bytes }: Ip) => bytes.every((byte) => byte === 0);
const isMulticast = ({ family, bytes }: Ip) => family === 4 ? (bytes[0] & 0xf0) === 0xe0 : bytes[0] === 0xff;
const isBroadcast = ({ family, bytes }: Ip) => family === 4 && bytes.every((byte) => byte === 255);

export function registerNetwork(environment: Environment): void {
  environment.registerType("net.IP", Ip).registerType("net.CIDR", Network);
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  define("ip(string): net.IP", (text: string) => new Ip(text));
  define("isIP(string): bool", (text: string) => canBe(() => new Ip(text)));
  define("string(net.IP): string", (ip: Ip) => ip.toText());
  registerNamespace(environment, "ip", {
    "isCanonical(string): bool": (text: string) => new Ip(text).toText() === text,
  });
  define("net.IP.family(): int", (ip: Ip) => BigInt(ip.family));
  define("net.IP.isLoopback(): bool", isLoopback);
  define("net.IP.isUnspecified(): bool", isUnspecified);
  define("net.IP.isLinkLocalUnicast(): bool", isLinkLocalUnicast);
  define("net.IP.isLinkLocalMulticast(): bool", isLinkLocalMulticast);
  define(
    "net.IP.isGlobalUnicast(): bool",
    (ip: Ip) =>
      !isLoopback(ip) && !isUnspecified(ip) && !isMulticast(ip) && !isBroadcast(ip) && !isLinkLocalUnicast(ip),
  );
  environment.registerOperator("net.IP == net.IP", (a: Ip, b: Ip) => a.toText() === b.toText());
  define("cidr(string): net.CIDR", (text: string) => new Network(text));
  define("isCIDR(string): bool", (text: string) => canBe(() => new Network(text)));
  define("string(net.CIDR): string", (network: Network) => network.toText());
  define("net.CIDR.ip(): net.IP", (network: Network) => network.ip);
  define("net.CIDR.masked(): net.CIDR", (network: Network) => network.masked);
  define("net.CIDR.prefixLength(): int", (network: Network) => BigInt(network.prefix));
  define("net.CIDR.containsIP(net.IP): bool", (network: Network, ip: Ip) => network.contains(ip));
  define("net.CIDR.containsIP(string): bool", (network: Network, text: string) => network.contains(new Ip(text)));
  const containsNetwork = (network: Network, other: Network) =>
    other.prefix >= network.prefix && network.contains(other.ip);
  define("net.CIDR.containsCIDR(net.CIDR): bool", containsNetwork);
  define(
    "net.CIDR.containsCIDR(string): bool",
    (network: Network, text: string) => containsNetwork(network, new Network(text)),
  );
  environment.registerOperator("net.CIDR == net.CIDR", (a: Network, b: Network) => a.toText() === b.toText());
}
