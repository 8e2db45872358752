/** Which parts of a memory cluster can be asked for, without loading any of them. */
export { type Addon, ADDONS } from "../memory/bootstrap/addons/names.ts";
export { type Component, COMPONENTS } from "../memory/component_names.ts";
