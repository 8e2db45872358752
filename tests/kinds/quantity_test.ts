import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityInteger,
  quantityMilliValue,
  quantityOf,
  quantityValue,
  roundUpToMilli,
  subtractQuantities,
} from "../../cluster/memory/kinds/quantity.ts";

// From k8s.io/apimachinery/pkg/api/resource/quantity_test.go and what the API answers.
const CANONICAL: Readonly<Record<string, string>> = {
  "0": "0",
  "0n": "0",
  "0Ki": "0",
  "-0": "0",
  "1Ki": "1Ki",
  "8Ki": "8Ki",
  "1024Ki": "1Mi",
  "1000Ki": "1000Ki",
  "1.5Gi": "1536Mi",
  "0.5Mi": "512Ki",
  "0.5Ki": "512",
  "0.05Gi": "53687091200m",
  "512": "512",
  "1000m": "1",
  "1500m": "1500m",
  "0.1": "100m",
  "1.500": "1.500",
  "1.5": "1500m",
  "1.0001n": "2n",
  "1e3": "1e3",
  "1.1E-9": "2e-9",
  "100000": "100k",
  "12345678": "12345678",
  "10M": "10M",
  "1000M": "1G",
  "9223372036854775807Ki": "9223372036854775807",
  "1e-1000": "1e-9",
  "+1": "+1",
};

for (const [text, canonical] of Object.entries(CANONICAL)) {
  Deno.test(`quantity ${text} is ${canonical}`, () => assert.equal(canonicalQuantity(text), canonical));
}

Deno.test("what is no quantity is refused in Go's words", () => {
  const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  for (const text of ["", "abc", "1Gb", "1 Gi", "1.2.3", "10GB", "1e3x"]) {
    assert.throws(() => parseQuantity(text), { message: format }, text);
  }
  for (const text of ["1mi", "1e", "5K", "1e99999999999999999999", "1m5", "--1"]) {
    assert.throws(() => parseQuantity(text), { message: "unable to parse quantity's suffix" }, text);
  }
});

const suffixes = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "e3", "e-3"];
const quantities = fc.tuple(
  fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  fc.option(fc.integer({ min: 0, max: 999 })),
  fc.constantFrom(...suffixes),
).map(([whole, fraction, suffix]) => `${whole}${fraction === null ? "" : `.${fraction}`}${suffix}`);

/** Kubernetes has no suffix above E and writes a multiple of 10^21 without one; there the text loses the value. */
const hasSuffix = (text: string) => {
  const { digits, exponent } = parseQuantity(text);
  return digits === 0n || exponent < 0 || (digits * 10n ** BigInt(exponent)) % 10n ** 21n !== 0n;
};

Deno.test("a multiple of 10^21 is written without suffix, as Kubernetes does", () => {
  assert.equal(canonicalQuantity("1000000000000000G"), "1");
});

Deno.test("the canonical text has the same value", () => {
  fc.assert(fc.property(quantities.filter(hasSuffix), (text) => {
    assert.equal(compareQuantities(text, canonicalQuantity(text)), 0);
  }));
});

Deno.test("the canonical text stays as it is once it is computed", () => {
  fc.assert(fc.property(quantities, (text) => {
    const { text: _, ...computed } = parseQuantity(text);
    const canonical = formatQuantity(computed);
    const { text: __, ...again } = parseQuantity(canonical);
    assert.equal(formatQuantity(again), canonical);
  }));
});

Deno.test("adding and subtracting lose nothing", () => {
  fc.assert(fc.property(quantities, quantities, (a, b) => {
    assert.equal(compareQuantities(subtractQuantities(addQuantities(a, b), b), a), 0);
  }));
});

Deno.test("comparing orders like the numbers", () => {
  fc.assert(fc.property(quantities, quantities, (a, b) => {
    const difference = subtractQuantities(a, b).digits;
    assert.equal(compareQuantities(a, b), difference < 0n ? -1 : difference > 0n ? 1 : 0);
    assert.equal(compareQuantities(b, a), -compareQuantities(a, b) + 0);
  }));
});

Deno.test("values round up, away from zero", () => {
  assert.equal(quantityValue("1100m"), 2n);
  assert.equal(quantityValue("-1100m"), -2n);
  assert.equal(quantityMilliValue("100u"), 1n);
  assert.equal(quantityMilliValue("1Ki"), 1_024_000n);
  assert.equal(quantityInteger("1500m"), undefined);
  assert.equal(quantityInteger("2000m"), 2n);
  assert.equal(formatQuantity(roundUpToMilli("1u")), "1m");
});

Deno.test("a sum is written as its first term, unless that is zero", () => {
  assert.equal(formatQuantity(addQuantities("1Gi", "1G")), "2073741824");
  assert.equal(formatQuantity(addQuantities("0", "1Gi")), "1Gi");
  assert.equal(formatQuantity(addQuantities("500m", "500m")), "1");
  assert.equal(formatQuantity(quantityOf(250n, "DecimalSI", -3)), "250m");
  assert.equal(formatQuantity(quantityOf(1n << 30n, "BinarySI")), "1Gi");
});
