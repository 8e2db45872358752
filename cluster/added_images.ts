/** Images that somebody adds to memory clusters, without loading any of one. */
export type { AddedImage, AddedImages } from "./memory/kubelet/images/added.ts";
