/** Option values that are more than text. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type Component, COMPONENTS } from "../cluster/background/components.ts";
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
  const component = (value: string): Component => {
    const found = COMPONENTS.find((one) => one === value);
    if (found === undefined) throw new InvalidArgumentError(errors.notOneOf(value, COMPONENTS.join(", ")));
    return found;
  };
  return {
    port: number(1, 65535, true),
    difficulty: number(1, 3, true),
    minutes: number(1, 120, true),
    speed: number(0.1, 1000, false),
    name,
    names: (value: string): readonly string[] => value.split(",").map(name),
    components: (value: string): readonly Component[] => value.split(",").map(component),
  };
}
