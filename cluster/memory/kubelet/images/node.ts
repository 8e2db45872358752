/** A node's own programs, as somebody finds them who makes the node's files his root. */
import type { Image } from "./image.ts";

export const NODE: Image = {
  repository: "node",
  size: 0,
  entrypoint: [],
  command: [],
  env: {},
  workingDir: "/",
  programs: {},
  files: {},
  shell: true,
  tools: ["bash", "curl", "ss", "perl", "iptables", "iptables-save", "iptables-nft", "iptables-nft-save"],
  memory: 0,
};
