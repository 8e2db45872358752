/** The library that reads certificates, loaded with the first request for one. */
import { lazyLibrary } from "../lazy_library.ts";

export const { load: loadX509, get: x509 } = lazyLibrary("x509", async () => {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
});
