/**
 * Likes nodes that have the pod's images, the more so the larger they are and the more nodes have them.
 *
 * Source: `pkg/scheduler/framework/plugins/imagelocality`.
 */
import { definePlugin, MAX_NODE_SCORE } from "../framework/plugin.ts";

const MEGABYTE = 1024 * 1024;
const SMALLEST = 23 * MEGABYTE;
const LARGEST_PER_CONTAINER = 1000 * MEGABYTE;

/** "nginx" is "nginx:latest". */
const normalized = (image: string) => image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;

export const imageLocality = definePlugin({
  name: "ImageLocality",
  weight: 1,
  score({ pod }, node, _state, snapshot) {
    const containers = [...pod.spec!.initContainers ?? [], ...pod.spec!.containers];
    let sum = 0;
    for (const { image } of containers) {
      const name = normalized(image ?? "");
      const size = node.images.get(name);
      if (size !== undefined) sum += Math.floor(size * snapshot.imageNodes(name) / snapshot.nodes.length);
    }
    const largest = LARGEST_PER_CONTAINER * containers.length;
    const bounded = Math.min(Math.max(sum, SMALLEST), largest);
    return Math.floor(MAX_NODE_SCORE * (bounded - SMALLEST) / (largest - SMALLEST));
  },
});
