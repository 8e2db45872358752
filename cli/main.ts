/** The command `drydock`. */
import process from "node:process";

if (import.meta.main) {
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
    // Nothing else needs to be loaded for this.
    console.log((await import("./version.ts")).VERSION);
  } else {
    const { main } = await import("./program.ts");
    // A connection that a client library keeps alive must not keep the program alive.
    process.exit(await main(args));
  }
}
