/** Folders that tests write in: removed when the tests of the file are over. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
addEventListener("unload", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A new, empty folder. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "drydock-test-"));
  folders.push(folder);
  return folder;
}
