/** The names that Go's JSON decoder gives to types in its errors: "int32", "[]v1.Container", "map[string]string". */
import type { ScalarType, Shape } from "../../kinds/schema/shape.ts";

const SCALARS: Readonly<Record<ScalarType, string>> = {
  string: "string",
  int32: "int32",
  int64: "int64",
  double: "float64",
  bool: "bool",
  bytes: "[]uint8",
  quantity: "resource.Quantity",
  // These decode themselves: a text is expected, and an int32 when it is not one.
  time: "string",
  microtime: "string",
  "int-or-string": "int32",
};

/**
 * @param named the Go type of the field that holds the value, where it is not the shape's own ("v1.PullPolicy")
 */
export function goType(shape: Shape, named?: string): string {
  if (named !== undefined) return named;
  switch (shape.is) {
    case "scalar":
      return SCALARS[shape.type];
    case "struct":
      return shape.name.split(".").slice(-2).join(".");
    case "list":
      return `[]${goType(shape.items)}`;
    case "map":
      return `map[string]${goType(shape.values)}`;
    case "any":
      return "interface {}";
  }
}

/** The type of the items of a list (or the values of a map) of a named type: "[]v1.FinalizerName" → "v1.FinalizerName". */
export function goItemType(named: string | undefined): string | undefined {
  return named === undefined ? undefined : /^(?:\[\]|map\[[\w.]+\])(.*)$/.exec(named)?.[1];
}

/** What a struct is called in "Go struct field PodSpec.spec.nodeName". */
export function structName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
