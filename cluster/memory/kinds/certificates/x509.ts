/**
 * Reading certificates takes a library that loads as long as all the rest of the server: it is loaded when the first
 * request for a certificate comes.
 */
export type X509 = typeof import("@peculiar/x509");

let loaded: X509 | undefined;

export async function loadX509(): Promise<X509> {
  if (loaded === undefined) {
    await import("reflect-metadata");
    loaded = await import("@peculiar/x509");
  }
  return loaded;
}

/** The library, for what cannot wait. @throws {Error} before {@linkcode loadX509} */
export function x509(): X509 {
  if (loaded === undefined) throw new Error("loadX509() comes first");
  return loaded;
}
