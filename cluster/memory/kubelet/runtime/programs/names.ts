/** Which programs there are. */
import type { Image } from "../../images/image.ts";
import type { Machine } from "../machine.ts";

const words = (text: string): readonly string[] => text.split(" ");

/** Those that just-bash brings. */
export const BORROWED: ReadonlySet<string> = new Set(words(
  "awk base64 basename chmod clear column comm cp cut diff dirname du egrep expand expr fgrep file find fold " +
    "grep join jq ln md5sum mkdir mv nl od paste printf pwd readlink rev rm rmdir sed seq sha1sum " +
    "sha256sum sort split stat strings tac tr tree unexpand uniq wc yq",
));

/** Those of ours that every image with a shell has: because of time, processes, or output that comes meanwhile. */
const EVERYWHERE = words(
  "arch cat chgrp chown chroot date dd df echo env false head hostname id mktemp mount nohup nproc printenv sh sleep stty " +
    "sync tail tee test [ timeout touch true tty uname which whoami yes gunzip gzip ls tar xargs zcat realpath truncate getent",
);

/** What busybox brings besides, and with it Alpine. */
const BUSYBOX = words(
  "ash busybox free httpd ifconfig ip kill killall less more nc netstat nslookup pgrep ping pkill ps telnet time top " +
    "traceroute uptime usleep vi watch wget",
);
/** Borrowed programs that are packages of their own. */
const NOT_IN_BUSYBOX = new Set(words("jq yq join column file"));
const NOT_IN_DEBIAN = new Set(words("jq yq column file strings tree"));

/** Whether an image's small programs are busybox': so they are where it is no distribution that has others. */
export const isBusybox = ({ os }: Image): boolean => os === undefined || /^ID=alpine$/m.test(os);

/** The names of the small programs that an image has. */
export function programNames(image: Image): readonly string[] {
  const { shell, tools = [] } = image;
  if (!shell) return tools;
  const missing = isBusybox(image) ? NOT_IN_BUSYBOX : NOT_IN_DEBIAN;
  const borrowed = [...BORROWED].filter((name) => !missing.has(name));
  return [...new Set([...borrowed, ...EVERYWHERE, ...isBusybox(image) ? BUSYBOX : [], ...tools])];
}

const known = new WeakMap<Image, ReadonlySet<string>>();

/** Whether a container has a program, by its name without a folder. */
export function hasProgram({ config: { image } }: Machine, name: string): boolean {
  let names = known.get(image);
  if (names === undefined) known.set(image, names = new Set(programNames(image)));
  return names.has(name) || Object.hasOwn(image.programs, name);
}
