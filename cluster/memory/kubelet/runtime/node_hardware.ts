/** The machine under every container: what nodes say that they have, and what programs that look at it see. */

/** Kilobytes. */
export const NODE_MEMORY_KB = 4_028_016;
export const NODE_CPUS = 2;
