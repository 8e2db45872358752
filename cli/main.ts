/** The command `drydock`. */
import process from "node:process";

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  // Nothing else needs to be loaded for this.
  console.log((await import("./version.ts")).VERSION);
} else {
  const { main } = await import("./program.ts");
  process.exitCode = await main(args);
  // A connection that a client library keeps alive must not keep the program alive.
  process.exit();
}
