import assert from "node:assert/strict";
import { clustersFolder, progressFile, stateFolder } from "../../cli/paths.ts";

const machine = (platform: NodeJS.Platform, home: string, env: Record<string, string> = {}) => ({
  platform,
  home,
  env,
});

Deno.test("the state folder follows each system's custom", { ignore: Deno.build.os === "windows" }, () => {
  assert.equal(stateFolder(machine("linux", "/home/mina")), "/home/mina/.local/state/drydock");
  assert.equal(stateFolder(machine("linux", "/home/mina", { XDG_STATE_HOME: "/state" })), "/state/drydock");
  assert.equal(stateFolder(machine("darwin", "/Users/mina")), "/Users/mina/Library/Application Support/drydock");
  assert.equal(stateFolder(machine("win32", "C:/Users/mina", { LOCALAPPDATA: "C:/Local" })), "C:/Local/drydock");
});

Deno.test("DRYDOCK_STATE outweighs it", () => {
  const here = machine("linux", "/home/mina", { DRYDOCK_STATE: "/elsewhere", XDG_STATE_HOME: "/state" });
  assert.equal(stateFolder(here), "/elsewhere");
  assert.match(clustersFolder(here), /^.elsewhere.clusters$/);
  assert.match(progressFile(here), /^.elsewhere.progress\.json$/);
});
