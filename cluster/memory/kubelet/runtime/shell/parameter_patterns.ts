/** What patterns leave of a parameter's value: `${x#a}`, `${x%.gz}`, `${x/a/b}`. */
import { matches, type Pattern } from "./pattern.ts";

/** The value without what fits at its beginning or end. @param operator "#" or "%", doubled for the longest such part */
export function removed(value: string, pattern: Pattern, operator: string): string {
  const longest = operator.length === 2;
  const front = operator.startsWith("#");
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => longest ? value.length - i : i);
  for (const length of lengths) {
    const cut = front ? value.slice(0, length) : value.slice(value.length - length);
    if (matches(pattern, cut)) return front ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

/** The value with another text for what fits. @param operator "/" once, "//" everywhere, "/#" and "/%" at an end */
export function replaced(value: string, pattern: Pattern, replacement: string, operator: string): string {
  let result = "";
  for (let at = 0; at <= value.length;) {
    let end = -1;
    const allowed = operator !== "/#" || at === 0;
    for (let stop = value.length; allowed && stop > at; stop--) {
      if ((operator !== "/%" || stop === value.length) && matches(pattern, value.slice(at, stop))) {
        end = stop;
        break;
      }
    }
    if (end > at) {
      result += replacement;
      at = end;
      if (operator !== "//") return result + value.slice(at);
    } else result += value[at++] ?? "";
  }
  return result;
}
