/**
 * IP addresses and CIDR ranges, as strictly and as leniently as Kubernetes reads them.
 *
 * Source: `k8s.io/apimachinery/pkg/util/validation/ip.go`; the lenient reading is Go's before 1.17, which ignored
 * leading zeros.
 */
import { type FieldError, invalid } from "./field_error.ts";

export interface IpAddress {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
  /** Written as "::ffff:1.2.3.4". */
  readonly mapped: boolean;
  /** An octet of its IPv4 part was written as "01". */
  readonly leadingZeros: boolean;
}

export interface Cidr {
  readonly address: IpAddress;
  readonly prefix: number;
  /** The prefix was written as "024". */
  readonly leadingZeros: boolean;
}

/** The address that a text means, undefined when it means none. */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(":")) {
    const v4 = parseV4(text);
    return v4 && { family: 4, bytes: v4.bytes, mapped: false, leadingZeros: v4.leadingZeros };
  }
  return parseV6(text);
}

function parseV4(text: string): { bytes: number[]; leadingZeros: boolean } | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,20}$/.test(part) && Number(part) <= 255)) return undefined;
  return { bytes: parts.map(Number), leadingZeros: parts.some((part) => part.length > 1 && part.startsWith("0")) };
}

function parseV6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  let leadingZeros = false;
  const bytesOf = (half: string, last: boolean): number[] | undefined => {
    if (half === "") return [];
    const bytes: number[] = [];
    const groups = half.split(":");
    for (const [i, group] of groups.entries()) {
      if (last && i === groups.length - 1 && group.includes(".")) {
        const v4 = parseV4(group);
        if (v4 === undefined) return undefined;
        leadingZeros = v4.leadingZeros;
        bytes.push(...v4.bytes);
      } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
        const value = parseInt(group, 16);
        bytes.push(value >> 8, value & 255);
      } else return undefined;
    }
    return bytes;
  };
  const head = bytesOf(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? bytesOf(halves[1], true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  const bytes = [...head, ...Array<number>(missing).fill(0), ...tail];
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return { family: 6, bytes, mapped, leadingZeros };
}

/** The canonical text: RFC 5952 for IPv6; an IPv4-mapped address is written as IPv4. */
export function ipText(address: IpAddress): string {
  if (address.family === 4) return address.bytes.join(".");
  if (address.mapped) return address.bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** An IPv4 address as one number, for counting: "10.0.0.1" → 167772161. @param text a canonical address */
export const ipv4Number = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** The opposite of {@linkcode ipv4Number}. */
export const ipv4Text = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** The range that a text such as "10.0.0.0/8" means; bits beyond the prefix are allowed. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const address = parseIp(text.slice(0, Math.max(slash, 0)));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^[0-9]{1,20}$/.test(digits)) return undefined;
  const prefix = Number(digits);
  if (prefix > address.bytes.length * 8) return undefined;
  return { address, prefix, leadingZeros: digits.length > 1 && digits.startsWith("0") };
}

/** A range's first address. */
export function networkOf({ address, prefix }: Cidr): IpAddress {
  const bytes = address.bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))) & 255);
  return { ...address, bytes };
}

/** "10.1.2.3/8" → "10.0.0.0/8" */
export const cidrText = (cidr: Cidr): string => `${ipText(networkOf(cidr))}/${cidr.prefix}`;

export function cidrContains(cidr: Cidr, address: IpAddress): boolean {
  if (cidr.address.bytes.length !== address.bytes.length) return false;
  const masked = networkOf({ ...cidr, address });
  return networkOf(cidr).bytes.every((byte, i) => byte === masked.bytes[i]);
}

/** Two addresses of one family each: what a dual-stack list may hold. */
export function isDualStack(texts: readonly string[]): boolean {
  const families = texts.map((text) => parseIp(text)?.family);
  return families.includes(4) && families.includes(6) && !families.includes(undefined);
}

function strictErrors(path: string, value: string, address: IpAddress): FieldError[] {
  const errors: FieldError[] = [];
  if (address.leadingZeros) errors.push(invalid(path, value, "must not have leading 0s"));
  else if (address.mapped) errors.push(invalid(path, value, "must not be an IPv4-mapped IPv6 address"));
  return errors;
}

/**
 * Errors of an address in a field that takes any spelling of it ("FE80:0::1").
 *
 * @param allowed values that were there before, and so may stay
 */
export function validateIp(path: string, value: string, allowed: readonly string[] = []): FieldError[] {
  if (allowed.includes(value)) return [];
  const address = parseIp(value);
  if (address !== undefined) return strictErrors(path, value, address);
  return [invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
}

/** Errors of an address in a field that takes only the canonical spelling. */
export function validateCanonicalIp(path: string, value: string): FieldError[] {
  const errors = validateIp(path, value);
  if (errors.length > 0) return errors;
  const canonical = ipText(parseIp(value)!);
  return value === canonical ? [] : [invalid(path, value, `must be in canonical form ("${canonical}")`)];
}

/** Errors of a range in a field that takes any spelling of it. */
export function validateCidr(path: string, value: string, allowed: readonly string[] = []): FieldError[] {
  if (allowed.includes(value)) return [];
  const cidr = parseCidr(value);
  if (cidr === undefined) {
    return [invalid(path, value, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
  }
  if (cidr.leadingZeros || cidr.address.leadingZeros) {
    return [invalid(path, value, "must not have leading 0s in IP or prefix length")];
  }
  if (cidr.address.mapped) return [invalid(path, value, "must not have an IPv4-mapped IPv6 address")];
  if (networkOf(cidr).bytes.some((byte, i) => byte !== cidr.address.bytes[i])) {
    return [invalid(path, value, "must not have bits set beyond the prefix length")];
  }
  return [];
}

/** Errors of a range in a field that takes only the canonical spelling. */
export function validateCanonicalCidr(path: string, value: string): FieldError[] {
  const errors = validateCidr(path, value);
  if (errors.length > 0) return errors;
  const canonical = cidrText(parseCidr(value)!);
  return value === canonical ? [] : [invalid(path, value, `must be in canonical form ("${canonical}")`)];
}

/** What a client is told about an address that is accepted but not spelled canonically. */
export function ipWarnings(path: string, value: string): string[] {
  const address = parseIp(value);
  if (address === undefined) return [];
  const canonical = ipText(address);
  if (address.leadingZeros || address.mapped) {
    return [`${path}: non-standard IP address ${JSON.stringify(value)} is invalid: use "${canonical}"`];
  }
  if (address.family === 4 || canonical === value) return [];
  return [`${path}: IPv6 address ${JSON.stringify(value)} should be in RFC 5952 canonical format ("${canonical}")`];
}

/** What a client is told about a range that is accepted but not spelled canonically. */
export function cidrWarnings(path: string, value: string): string[] {
  const cidr = parseCidr(value);
  if (cidr === undefined) return [];
  const warnings: string[] = [];
  const [canonical, quoted] = [cidrText(cidr), JSON.stringify(value)];
  if (networkOf(cidr).bytes.some((byte, i) => byte !== cidr.address.bytes[i])) {
    const single = `${ipText(cidr.address)}/${cidr.address.bytes.length * 8}`;
    warnings.push(
      `${path}: CIDR value ${quoted} is ambiguous in this context (should be "${canonical}" or "${single}"?)`,
    );
  }
  if (cidr.leadingZeros || cidr.address.leadingZeros || cidr.address.mapped) {
    warnings.push(`${path}: non-standard CIDR value ${quoted} is invalid: use "${canonical}"`);
  }
  if (warnings.length === 0 && cidr.address.family === 6 && canonical !== value) {
    warnings.push(`${path}: IPv6 CIDR value ${quoted} should be in RFC 5952 canonical format ("${canonical}")`);
  }
  return warnings;
}
