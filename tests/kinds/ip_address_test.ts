import assert from "node:assert/strict";
import * as ip from "../../cluster/memory/kinds/ip_address.ts";

const canonical = (text: string) => {
  const address = ip.parseIp(text);
  return address && ip.ipText(address);
};

Deno.test("addresses and their canonical text", () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    "10.0.0.1": "10.0.0.1",
    "010.0.0.1": "10.0.0.1",
    "1.2.3": undefined,
    "256.1.1.1": undefined,
    "::": "::",
    "::1": "::1",
    "FE80:0:0:0:0:0:0:0ABC": "fe80::abc",
    "1:0:0:2:0:0:0:3": "1:0:0:2::3",
    "1:0:2:3:4:5:6:7": "1:0:2:3:4:5:6:7",
    "::ffff:1.2.3.4": "1.2.3.4",
    "1::2::3": undefined,
    "1:2:3:4:5:6:7:8:9": undefined,
    "fe80::1%eth0": undefined,
    "": undefined,
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(canonical(text), expected, text);
});

Deno.test("what is wrong with an address", () => {
  const messages = (text: string) => ip.validateIp("f", text).map(({ message }) => message);
  assert.deepEqual(messages("::1"), []);
  assert.deepEqual(messages("01.1.1.1"), ['Invalid value: "01.1.1.1": must not have leading 0s']);
  assert.deepEqual(messages("::ffff:1.1.1.1"), [
    'Invalid value: "::ffff:1.1.1.1": must not be an IPv4-mapped IPv6 address',
  ]);
  assert.deepEqual(messages("x"), [
    'Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
  assert.deepEqual(ip.validateIp("f", "x", ["x"]), []);
  assert.deepEqual(ip.validateCanonicalIp("f", "::01").map(({ message }) => message), [
    'Invalid value: "::01": must be in canonical form ("::1")',
  ]);
});

Deno.test("ranges", () => {
  assert.equal(ip.cidrText(ip.parseCidr("10.1.2.3/20")!), "10.1.0.0/20");
  const messages = (text: string) => ip.validateCidr("f", text).map(({ message }) => message);
  assert.deepEqual(messages("10.0.0.0/8"), []);
  assert.deepEqual(messages("10.1.0.0/8"), [
    'Invalid value: "10.1.0.0/8": must not have bits set beyond the prefix length',
  ]);
  assert.deepEqual(messages("10.0.0.0/33"), [
    'Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  ]);
  const range = ip.parseCidr("fd00::/64")!;
  assert.equal(ip.cidrContains(range, ip.parseIp("fd00::9")!), true);
  assert.equal(ip.cidrContains(range, ip.parseIp("fd00:0:0:1::9")!), false);
  assert.equal(ip.cidrContains(range, ip.parseIp("10.0.0.1")!), false);
});

Deno.test("warnings for addresses in other spellings", () => {
  assert.deepEqual(ip.ipWarnings("f", "10.0.0.1"), []);
  assert.deepEqual(ip.ipWarnings("f", "FD00::1"), [
    'f: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
  ]);
  assert.deepEqual(ip.cidrWarnings("f", "10.1.0.0/8"), [
    'f: CIDR value "10.1.0.0/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.1.0.0/32"?)',
  ]);
});
