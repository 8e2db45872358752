/**
 * Whether a device is one that CEL expressions ask for.
 *
 * Source: `k8s.io/dynamic-resource-allocation/cel/compile.go`.
 */
import { newEnvironment } from "../../kinds/cel/environment.ts";
import { celQuantity } from "../../kinds/cel/library/quantities.ts";
import { celSemver } from "../../kinds/cel/library/semver.ts";
import { compile, type Program } from "../../kinds/cel/program.ts";
import type { Device, DeviceAttribute, DeviceSelector } from "../../kinds/schema/types.ts";

const programs = new Map<string, Program>();

function programOf(expression: string): Program {
  let program = programs.get(expression);
  if (program === undefined) {
    program = compile(newEnvironment().registerVariable("device", "dyn"), expression);
    programs.set(expression, program);
  }
  return program;
}

/**
 * By domain, and in it by name. A domain of which nothing is known is empty.
 *
 * @param driver the domain of names that have none of their own
 */
function byDomain<T>(
  values: Readonly<Record<string, T>> = {},
  driver: string,
  convert: (value: T) => unknown,
): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const domains = new Map<string, Map<string, unknown>>();
  for (const [key, value] of Object.entries(values)) {
    const [name, domain = driver] = key.split("/", 2).reverse();
    domains.set(domain, (domains.get(domain) ?? new Map()).set(name, convert(value)));
  }
  // The library tells types apart by their class: it has to be a Map, and no class of one's own.
  const known = (domain: string) => Map.prototype.get.call(domains, domain);
  return Object.assign(domains, { get: (domain: string) => known(domain) ?? new Map(), has: () => true });
}

/** An attribute's value as expressions see it. */
export function attributeValue({ bool, int, string, version }: DeviceAttribute): unknown {
  if (bool !== undefined) return bool;
  if (int !== undefined) return BigInt(int);
  return version === undefined ? string : celSemver(version);
}

/** @throws {EvaluationFailure} when an expression fails: nobody knows then what was meant */
export function isSelected(device: Device, driver: string, selectors: readonly DeviceSelector[] = []): boolean {
  if (selectors.length === 0) return true;
  const variable = {
    driver,
    attributes: byDomain(device.attributes, driver, attributeValue),
    capacity: byDomain(device.capacity, driver, ({ value }) => celQuantity(value)),
    allowMultipleAllocations: device.allowMultipleAllocations ?? false,
  };
  return selectors.every(({ cel }) => programOf(cel!.expression).evaluate({ device: variable }) === true);
}
