/** Option values that are more than text. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type Addon, ADDONS, type Component, COMPONENTS } from "../cluster/background/components.ts";
import { parseCidr } from "../cluster/memory/kinds/ip_address.ts";
import type { Messages } from "./messages/messages.ts";

/** Parsers for option values; each throws commander's usage error. */
export function parsers({ errors }: Messages) {
  const number = (min: number, max: number, whole: boolean) => (value: string): number => {
    const parsed = Number(value);
    if (value.trim() === "" || !(parsed >= min && parsed <= max) || (whole && !Number.isInteger(parsed))) {
      throw new InvalidArgumentError(errors.notANumber(value, min, max));
    }
    return parsed;
  };
  const name = (value: string): string => {
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) throw new InvalidArgumentError(errors.badName(value));
    return value;
  };
  const oneOf = <T extends string>(known: readonly T[]) => (value: string): T => {
    const found = known.find((one) => one === value);
    if (found === undefined) throw new InvalidArgumentError(errors.notOneOf(value, known.join(", ")));
    return found;
  };
  /** With two addresses at least, beside the network's own. */
  const range = (value: string): string => {
    const cidr = parseCidr(value);
    if (cidr?.address.family !== 4 || cidr.prefix > 30) throw new InvalidArgumentError(errors.notARange(value));
    return value;
  };
  /** "v1.30.2" is 1.30. */
  const version = (value: string): string => {
    const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(value)?.[1];
    if (minor === undefined) throw new InvalidArgumentError(errors.notAVersion(value));
    return minor;
  };
  return {
    count: number(1, 1000, true),
    version,
    port: number(1, 65535, true),
    difficulty: number(1, 3, true),
    minutes: number(1, 120, true),
    speed: number(0.1, 1000, false),
    name,
    names: (value: string): readonly string[] => value.split(",").map(name),
    components: (value: string): readonly Component[] => value.split(",").map(oneOf(COMPONENTS)),
    addons: (value: string): readonly Addon[] => value.split(",").map(oneOf(ADDONS)),
    range,
  };
}
