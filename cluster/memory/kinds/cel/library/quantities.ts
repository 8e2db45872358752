/** Quantities. Source: `k8s.io/apiserver/pkg/cel/library/quantity.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  type Quantity,
  QuantityError,
  quantityInteger,
  quantityNumber,
  quantityOf,
  quantitySign,
  subtractQuantities,
} from "../../quantity.ts";
import { failure } from "./failure.ts";

/** The library tells types apart by their class. */
class CelQuantity {
  constructor(readonly value: Quantity) {}
}

/** A quantity as expressions see it. @throws what an expression fails with */
export function celQuantity(text: string): unknown {
  return parse(text);
}

function parse(text: string): CelQuantity {
  try {
    return new CelQuantity(parseQuantity(text));
  } catch (error) {
    if (error instanceof QuantityError) throw failure(error.message);
    throw error;
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch (error) {
    if (error instanceof QuantityError) return false;
    throw error;
  }
}

function asInteger({ value }: CelQuantity): bigint {
  const integer = quantityInteger(value);
  if (integer === undefined) throw failure("cannot convert value to integer");
  return integer;
}

export function registerQuantities(environment: Environment): void {
  environment.registerType("kubernetes.Quantity", CelQuantity);
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  const TYPE = "kubernetes.Quantity";
  const fromInt = (n: bigint) => quantityOf(n, "DecimalSI");
  const order = (a: CelQuantity, b: CelQuantity) => compareQuantities(a.value, b.value);
  define(`quantity(string): ${TYPE}`, parse);
  define("isQuantity(string): bool", isQuantity);
  define(`${TYPE}.sign(): int`, ({ value }: CelQuantity) => BigInt(quantitySign(value)));
  define(`${TYPE}.isInteger(): bool`, ({ value }: CelQuantity) => quantityInteger(value) !== undefined);
  define(`${TYPE}.asInteger(): int`, asInteger);
  define(`${TYPE}.asApproximateFloat(): double`, ({ value }: CelQuantity) => quantityNumber(value));
  define(
    `${TYPE}.add(${TYPE}): ${TYPE}`,
    (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantities(a.value, b.value)),
  );
  define(
    `${TYPE}.add(int): ${TYPE}`,
    (a: CelQuantity, n: bigint) => new CelQuantity(addQuantities(a.value, fromInt(n))),
  );
  define(
    `${TYPE}.sub(${TYPE}): ${TYPE}`,
    (a: CelQuantity, b: CelQuantity) => new CelQuantity(subtractQuantities(a.value, b.value)),
  );
  define(
    `${TYPE}.sub(int): ${TYPE}`,
    (a: CelQuantity, n: bigint) => new CelQuantity(subtractQuantities(a.value, fromInt(n))),
  );
  define(`${TYPE}.isLessThan(${TYPE}): bool`, (a: CelQuantity, b: CelQuantity) => order(a, b) < 0);
  define(`${TYPE}.isGreaterThan(${TYPE}): bool`, (a: CelQuantity, b: CelQuantity) => order(a, b) > 0);
  define(`${TYPE}.compareTo(${TYPE}): int`, (a: CelQuantity, b: CelQuantity) => BigInt(Math.sign(order(a, b))));
  environment.registerOperator(`${TYPE} == ${TYPE}`, (a: CelQuantity, b: CelQuantity) => order(a, b) === 0);
}
