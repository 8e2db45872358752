/** The machine under every container, as programs that look at it see it. */

/** Kilobytes. */
export const NODE_MEMORY_KB = 8 * 1024 * 1024;
export const NODE_CPUS = 4;
