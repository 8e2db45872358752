/** Which parts of a memory cluster can be asked for, without loading any of them. */
export { type Component, COMPONENTS } from "../memory/component_names.ts";
