/**
 * An object with an applied configuration merged in: what the configuration sets wins, nothing is removed.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/typed/merge.go`.
 */
import { isList, isObject, type Json, type JsonObject } from "../../kinds/json.ts";
import type { ListShape, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { itemElement, partsOf, shapeAt } from "./typed_value.ts";

/** @param config checked against the shape, without duplicates in its lists */
export function mergeConfig(live: JsonObject, config: JsonObject, shape: StructShape): JsonObject {
  return merge(live, config, shape, shape.name !== "") as JsonObject;
}

function merge(live: Json | undefined, config: Json | undefined, shape: Shape, builtIn: boolean): Json | undefined {
  if (config === undefined) return live;
  const parts = partsOf(shape, live, config, builtIn);
  if (parts === "list" && size(live) + size(config) > 0) {
    return mergeLists(isList(live) ? live : [], isList(config) ? config : [], shape as ListShape, builtIn);
  }
  if (parts === "map" && size(live) + size(config) > 0) {
    const result: Record<string, Json> = isObject(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(isObject(config) ? config : {})) {
      const merged = merge(result[key], value, shapeAt(shape, key) ?? { is: "any" }, builtIn);
      if (merged !== undefined) result[key] = merged;
    }
    return result;
  }
  return config;
}

function size(value: Json | undefined): number {
  if (isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

/**
 * The configuration's items in their order, the live object's others where they were relative to the items that both
 * have.
 */
function mergeLists(live: readonly Json[], config: readonly Json[], shape: ListShape, builtIn: boolean): Json[] {
  const liveElements = live.map((item) => itemElement(shape, item));
  const configElements = config.map((item) => itemElement(shape, item));
  const applied = new Set(configElements);
  const known = new Map<string, Json | undefined>();
  // An item that the live list has more than once is replaced, not merged with.
  for (const [index, element] of liveElements.entries()) {
    known.set(element, known.has(element) ? undefined : live[index]);
  }
  const shared = configElements.filter((element) => known.has(element));
  const done = new Set<string>();
  const result: Json[] = [];
  const take = (index: number) => {
    const element = configElements[index];
    done.add(element);
    if (shared[0] === element) shared.shift();
    result.push(merge(known.get(element), config[index], shape.items, builtIn) as Json);
  };
  let [left, right] = [0, 0];
  while (left < live.length || right < config.length) {
    const element = liveElements[left];
    if (left < live.length && right < config.length) {
      if (element === configElements[right]) {
        take(right++);
        left++;
        continue;
      }
      // Both have it, but the configuration has it elsewhere.
      if (applied.has(element) && shared.length > 0 && shared[0] !== element) {
        left++;
        continue;
      }
    }
    if (left < live.length) {
      if (!applied.has(element)) {
        result.push(live[left++]);
        continue;
      }
      if (done.has(element)) left++;
    }
    if (right < config.length) take(right++);
  }
  return result;
}
