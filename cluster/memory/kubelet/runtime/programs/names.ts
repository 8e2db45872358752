/** Which programs there are. */
import type { Image } from "../../images/image.ts";
import type { Machine } from "../machine.ts";

/** Those that just-bash brings. */
export const BORROWED: ReadonlySet<string> = new Set(
  ("awk base64 basename chmod clear column comm cp cut diff dirname du egrep expand expr fgrep file find fold " +
    "grep join jq ln md5sum mkdir mv nl od paste printf pwd readlink rev rm rmdir sed seq sha1sum " +
    "sha256sum sort split stat strings tac tr tree unexpand uniq wc yq").split(" "),
);

/** Those that are ours: because of time, the network, processes, or output that comes while they run. */
const OWN =
  ("arch busybox cat chgrp chown date dd df echo env false free head hostname id ifconfig ip kill mktemp mount nc " +
    "netstat nohup nproc nslookup pgrep ping pkill printenv ps sh ash sleep stty sync tail tee telnet time timeout top touch true " +
    "tty uname uptime usleep watch wget which whoami yes gunzip gzip ls tar xargs zcat realpath truncate").split(" ");

/** The names of the small programs that an image has. */
export function programNames({ shell, tools = [] }: Image): readonly string[] {
  return shell ? [...new Set([...BORROWED, ...OWN, ...tools])] : tools;
}

const known = new WeakMap<Image, ReadonlySet<string>>();

/** Whether a container has a program, by its name without a folder. */
export function hasProgram({ config: { image } }: Machine, name: string): boolean {
  let names = known.get(image);
  if (names === undefined) known.set(image, names = new Set(programNames(image)));
  return names.has(name) || Object.hasOwn(image.programs, name);
}
