/** What `drydock image` says, in English. */
export const image = {
  about: {
    add: "add the images that a file, or the files of a folder, describe",
    list: "list the images that were added",
    remove: "remove an image that was added",
  },
  path: "a YAML file, or a folder of such files",
  name: "an image of `drydock image list`, or its file",
  added: (name: string) => `Added: ${name}`,
  when: "Memory clusters that start from now on can pull it.",
  none: "No images were added. `drydock image add FILE` adds some.",
  row: (image: string, tags: string | undefined, file: string) => `${image}  ${tags ?? "any tag"}  (${file})`,
  plainRow: (image: string, file: string) => `${image}  a plain container  (${file})`,
  removed: (name: string) => `Removed: ${name}`,
  unknown: (name: string) => `No image or file ${name} was added; \`drydock image list\` shows what was.`,
};
