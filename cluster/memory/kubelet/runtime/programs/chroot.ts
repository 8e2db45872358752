/**
 * `chroot`: a program that takes a mounted folder for its root. With a node's own root, which `kubectl debug node/…` mounts
 * at /host, it finds the node's files and programs.
 */
import { NODE } from "../../images/node.ts";
import { baseName, normalize } from "../files/file_system.ts";
import { VolumeLayer } from "../files/volume_layer.ts";
import { Machine } from "../machine.ts";
import { Process } from "../process.ts";
import type { Mount } from "../runtime.ts";
import { hasProgram } from "./names.ts";
import { fail, pathOf, type Program, type ProgramContext } from "./program.ts";
import { runProgram } from "./run.ts";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Folders that are not the volume's: a node's programs are no files of it. */
const OWN: ReadonlySet<string> = new Set(["bin", "lib", "proc", "sbin", "usr"]);

export const chroot: Program = async ([folder, ...given], context) => {
  const { process } = context;
  const { machine } = process;
  if (folder === undefined) return await fail(context, "chroot: missing operand", 125);
  const refused = (why: string) => fail(context, `chroot: cannot change root directory to '${folder}': ${why}`, 125);
  if ((machine.config.user ?? 0) !== 0) return await refused("Operation not permitted");
  const path = pathOf(context, folder);
  const entry = machine.files.find(path);
  if (entry === undefined) return await refused("No such file or directory");
  if (entry.kind !== "folder") return await refused("Not a directory");
  const argv = given.length > 0 ? given : ["/bin/sh", "-i"];
  const mount = machine.config.mounts.find((one) => (normalize("", one.path) || "/") === path);
  const rooted = mount === undefined ? undefined : nodeMachine(machine, mount);
  if (rooted === undefined || !hasProgram(rooted, baseName(argv[0]))) {
    return await fail(context, `chroot: failed to run command '${argv[0]}': No such file or directory`, 127);
  }
  return await runIn(rooted, argv, context);
};

/** The programs of a node over its files; undefined where the mount is something else. */
function nodeMachine(machine: Machine, { volume, subPath = "", readOnly }: Mount): Machine | undefined {
  const layer = new VolumeLayer(volume, subPath, machine.startedAt);
  if (layer.get("/etc/kubernetes")?.kind !== "folder") return undefined;
  const folders = [...layer.names("")].filter((name) => !OWN.has(name) && layer.get(`/${name}`)?.kind === "folder");
  const mounts = folders.map((name) => ({
    name,
    path: `/${name}`,
    readOnly,
    subPath: subPath === "" ? name : `${subPath}/${name}`,
    volume,
  }));
  return new Machine({ ...machine.config, image: NODE, mounts, workingDir: "/" }, machine.clock, machine);
}

async function runIn(rooted: Machine, argv: readonly string[], context: ProgramContext): Promise<number> {
  const { process, env } = context;
  const { terminal, background } = process.options;
  const child = new Process(rooted, { argv, parent: process, terminal, background });
  // What runs in there ends with who has started it.
  process.onExit(() => rooted.shutDown());
  return await process.wait(
    child.begin(() =>
      runProgram(argv, { ...context, process: child, env: new Map([...env, ["PATH", PATH]]), cwd: "/" })
    ),
  );
}
