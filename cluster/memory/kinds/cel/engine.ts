/** The library behind CEL, loaded with the first object that may hold an expression. */
import { lazyLibrary } from "../lazy_library.ts";

export const { load: loadCel, get: cel } = lazyLibrary("cel-js", () => import("@marcbachmann/cel-js"));
