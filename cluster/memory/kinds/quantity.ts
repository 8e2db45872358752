/**
 * Kubernetes quantities ("100m", "1.5Gi", "12e6"), exactly: a whole number times a power of ten, never a float.
 *
 * The text of a quantity is canonical (no fraction, the largest suffix that fits) except where the writer's own was
 * already as good: "1.500" stays, "1024Mi" becomes "1Gi".
 *
 * Source: `k8s.io/apimachinery/pkg/api/resource/{quantity,suffix,amount}.go`.
 */

/** Which suffixes a quantity is written with: 12M, 12Mi or 12e6. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

export interface Quantity {
  /** The number is `digits * 10 ** exponent`. */
  readonly digits: bigint;
  readonly exponent: number;
  readonly format: QuantityFormat;
  /** The writer's text, where it is kept. */
  readonly text?: string;
}

/** A quantity as it stands in an object, or parsed. */
export type QuantityLike = Quantity | string;

/** Thrown for a text that is no quantity, with Go's message. */
export class QuantityError extends Error {
  override readonly name = "QuantityError";
}

const WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_SUFFIX = "unable to parse quantity's suffix";

const DECIMAL: ReadonlyMap<string, number> = new Map(
  Object.entries({ n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }),
);
const BINARY: ReadonlyMap<string, number> = new Map(
  Object.entries({ Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }),
);
const decimalSuffixes = new Map([...DECIMAL].map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixes = new Map([...BINARY].map(([suffix, exponent]) => [exponent, suffix]));

const MAX_INT64 = 2n ** 63n - 1n;
/** Nothing is smaller than one billionth; what is, is rounded up to it. */
const NANO = -9;
const PARTS = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/**
 * @throws {QuantityError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatQuantity, parseQuantity, quantityMilliValue } from "./quantity.ts";
 *
 * assert.equal(formatQuantity(parseQuantity("0.5")), "500m");
 * assert.equal(formatQuantity(parseQuantity("2048Ki")), "2Mi");
 * assert.equal(quantityMilliValue("1.5"), 1500n);
 * assert.throws(() => parseQuantity("1Gb"), /quantities must match the regular expression/);
 * ```
 */
export function parseQuantity(text: string): Quantity {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const quantity = parse(text);
  if (parsed.size >= 1000) parsed.clear();
  parsed.set(text, quantity);
  return quantity;
}

/** Objects carry quantities as text and are compared often; most texts occur many times. */
const parsed = new Map<string, Quantity>();

function parse(text: string): Quantity {
  const match = PARTS.exec(text);
  if (text === "" || match === null) throw new QuantityError(WRONG_FORMAT);
  const [, sign, whole, fraction = "", suffix] = match;
  if (whole === "" && fraction === "" && suffix === "") return { digits: 0n, exponent: 0, format: "DecimalSI" };
  const { base, power, format } = interpret(suffix);
  const shifted = (whole || "0") + fraction;
  const magnitude = base === 2 ? BigInt(shifted) << BigInt(power) : BigInt(shifted);
  const digits = sign === "-" ? -magnitude : magnitude;
  const exponent = (base === 10 ? power : 0) - fraction.length;
  if (isSmall(whole || "0", fraction, base, power, exponent, magnitude)) {
    const keep = base === 2
      ? power % 10 === 0 && (BigInt(shifted) & 7n) !== 0n
      : exponent % 3 === 0 && !shifted.endsWith("000") && shifted[0] !== "0";
    return keep ? { digits, exponent, format, text } : { digits, exponent, format };
  }
  return withinBounds({ digits, exponent, format });
}

function interpret(suffix: string): { base: 2 | 10; power: number; format: QuantityFormat } {
  const decimal = DECIMAL.get(suffix);
  if (decimal !== undefined) return { base: 10, power: decimal, format: "DecimalSI" };
  const binary = BINARY.get(suffix);
  if (binary !== undefined) return { base: 2, power: binary, format: "BinarySI" };
  if (!/^[eE][-+]?[0-9]+$/.test(suffix)) throw new QuantityError(WRONG_SUFFIX);
  const power = BigInt(suffix.slice(1).replace("+", ""));
  if (BigInt.asIntN(64, power) !== power) throw new QuantityError(WRONG_SUFFIX);
  return { base: 10, power: Number(BigInt.asIntN(32, power)), format: "DecimalExponent" };
}

/** Whether Go computes with an int64: only then it keeps the writer's text. */
function isSmall(whole: string, fraction: string, base: 2 | 10, power: number, exponent: number, magnitude: bigint) {
  if (exponent < NANO) return false;
  if (base === 10) return whole.length + fraction.length <= 18;
  return fraction === "" && 15 - whole.length - Math.trunc(power * 3 / 10) - 1 >= 0 && magnitude <= MAX_INT64;
}

/** Rounds to billionths, away from zero, and caps binary quantities at the largest int64. */
function withinBounds(quantity: Quantity): Quantity {
  let { digits, exponent, format } = roundUp(quantity, NANO);
  if (format === "BinarySI") {
    const value = { digits, exponent, format };
    const size = compareQuantities(absolute(value), ONE);
    if (compareQuantities(absolute(value), { digits: MAX_INT64, exponent: 0, format }) > 0) {
      [digits, exponent] = [digits < 0n ? -MAX_INT64 : MAX_INT64, 0];
    }
    if (size < 0 && digits !== 0n) format = "DecimalSI";
  }
  return { digits, exponent, format };
}

const ONE: Quantity = { digits: 1n, exponent: 0, format: "DecimalSI" };
const absolute = (quantity: Quantity): Quantity =>
  quantity.digits < 0n ? { ...quantity, digits: -quantity.digits, text: undefined } : quantity;
const asQuantity = (value: QuantityLike): Quantity => typeof value === "string" ? parseQuantity(value) : value;

/** The quantity as a multiple of `10 ** exponent`, away from zero; a text that needs no rounding is kept. */
function roundUp(quantity: Quantity, exponent: number): Quantity {
  if (quantity.exponent >= exponent) return quantity;
  const { digits, format } = quantity;
  const places = exponent - quantity.exponent;
  const negative = digits < 0n;
  const magnitude = negative ? -digits : digits;
  // Dividing by more than all its digits leaves the smallest step, without computing an enormous power.
  const divisor = places > magnitude.toString().length ? undefined : 10n ** BigInt(places);
  const rounded = divisor === undefined ? (magnitude === 0n ? 0n : 1n) : (magnitude + divisor - 1n) / divisor;
  return { digits: negative ? -rounded : rounded, exponent, format };
}

/** "500m", "1Gi": how the API writes it. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  const { digits, exponent, format } = quantity;
  if (digits === 0n) return "0";
  const rounded = format === "BinarySI" ? roundUp(quantity, 0) : quantity;
  const binary = format === "BinarySI" && compareQuantities(rounded, quantity) === 0 &&
    compareQuantities(absolute(quantity), { digits: 1024n, exponent: 0, format }) >= 0;
  if (binary) {
    let [number, power] = [scaled(rounded, 0), 0];
    for (; number % 1024n === 0n; number /= 1024n) power += 10;
    return `${number}${binarySuffixes.get(power) ?? ""}`;
  }
  let [number, power] = withoutZeros(digits, exponent);
  while (power % 3 !== 0) [number, power] = [number * 10n, power - 1];
  if (format === "DecimalExponent") return power === 0 ? String(number) : `${number}e${power}`;
  return `${number}${decimalSuffixes.get(power) ?? ""}`;
}

function withoutZeros(digits: bigint, exponent: number): [bigint, number] {
  const text = String(digits);
  const zeros = text.length - text.replace(/0+$/, "").length;
  return [BigInt(text.slice(0, text.length - zeros)), exponent + zeros];
}

/** The canonical text of a text: "1000m" is "1". @throws {QuantityError} */
export const canonicalQuantity = (text: string): string => formatQuantity(parseQuantity(text));

/** How many times `10 ** exponent` the quantity is, rounded up (away from zero). */
function scaled(value: QuantityLike, exponent: number): bigint {
  const quantity = roundUp(asQuantity(value), exponent);
  return quantity.digits * 10n ** BigInt(quantity.exponent - exponent);
}

/** The whole number, rounded up: bytes of "1Gi", 1 of "100m". */
export const quantityValue = (quantity: QuantityLike): bigint => scaled(quantity, 0);
/** The number of thousandths, rounded up: 100 of "100m". */
export const quantityMilliValue = (quantity: QuantityLike): bigint => scaled(quantity, -3);
/** The nearest float, for ratios shown to people. */
export function quantityNumber(value: QuantityLike): number {
  const { digits, exponent } = asQuantity(value);
  return Number(`${digits}e${exponent}`);
}
/** The whole number when it is exactly one, or undefined for a fraction. */
export function quantityInteger(value: QuantityLike): bigint | undefined {
  const whole = scaled(value, 0);
  return compareQuantities(value, { digits: whole, exponent: 0, format: "DecimalSI" }) === 0 ? whole : undefined;
}

/** Less than, equal to or greater than 0 as `a` is to `b`. */
export function compareQuantities(a: QuantityLike, b: QuantityLike): number {
  const [x, y] = sameExponent(asQuantity(a), asQuantity(b));
  return x < y ? -1 : x > y ? 1 : 0;
}

export const quantitySign = (quantity: QuantityLike): number => {
  const { digits } = asQuantity(quantity);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
};

function sameExponent(a: Quantity, b: Quantity): [bigint, bigint] {
  const low = Math.min(a.exponent, b.exponent);
  const to = ({ digits, exponent }: Quantity) => digits * 10n ** BigInt(exponent - low);
  return a.exponent === b.exponent ? [a.digits, b.digits] : [to(a), to(b)];
}

/** `a + b`, written as `a` is unless `a` is zero. */
export function addQuantities(a: QuantityLike, b: QuantityLike): Quantity {
  const [one, other] = [asQuantity(a), asQuantity(b)];
  const format = one.digits === 0n ? other.format : one.format;
  const [x, y] = sameExponent(one, other);
  return { digits: x + y, exponent: Math.min(one.exponent, other.exponent), format };
}

export const negateQuantity = (quantity: QuantityLike): Quantity => {
  const { digits, exponent, format } = asQuantity(quantity);
  return { digits: -digits, exponent, format };
};

export const subtractQuantities = (a: QuantityLike, b: QuantityLike): Quantity => addQuantities(a, negateQuantity(b));

export function multiplyQuantity(value: QuantityLike, factor: bigint): Quantity {
  const { digits, exponent, format } = asQuantity(value);
  return { digits: digits * factor, exponent, format };
}

/** Thousandths at the finest, as limits and requests are stored: "100u" is "1m". */
export const roundUpToMilli = (value: QuantityLike): Quantity => roundUp(asQuantity(value), -3);

/** A quantity from a number: `quantityOf(512n, "BinarySI")`, `quantityOf(250n, "DecimalSI", -3)` for 250m. */
export const quantityOf = (digits: bigint, format: QuantityFormat, exponent = 0): Quantity => ({
  digits,
  exponent,
  format,
});
