import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import { imagesFolder } from "../paths.ts";
import type { AddCommand } from "../program.ts";

/** `drydock image`: images of one's own for memory clusters, described as data. */
export const image: AddCommand = (program, { messages: { about, image: words }, exit }) => {
  const command = program.command("image").description(about.image);
  command.command("add").description(words.about.add)
    .argument("<path>", words.path)
    .action(async (path, _options, command) => {
      const { addImages } = await import("../../checks/images/image_folder.ts");
      const out = outputFor(commonOptions(command));
      const { images, plain } = await addImages(imagesFolder(), path);
      const names = [...images.map((one) => one.image), ...plain];
      out.data({ added: names });
      for (const name of names) out.line(words.added(name));
      out.note(words.when);
    });
  command.command("list").description(words.about.list)
    .action(async (_options, command) => {
      const { readFile } = await import("node:fs/promises");
      const { imageFiles } = await import("../../checks/images/image_folder.ts");
      const { readImages } = await import("../../checks/images/image_file.ts");
      const out = outputFor(commonOptions(command));
      const files = await Promise.all(
        (await imageFiles(imagesFolder())).map(async (file) => ({
          ...file,
          ...readImages(await readFile(file.path, "utf8"), file.path),
        })),
      );
      out.data({
        images: files.flatMap(({ images, path }) => images.map(({ image, tags }) => ({ image, tags, file: path }))),
        plain: files.flatMap(({ plain, path }) => plain.map((image) => ({ image, file: path }))),
      });
      if (files.length === 0) out.note(words.none);
      for (const { name, images, plain } of files) {
        for (const { image, tags } of images) out.line(words.row(image, tags?.join(", "), name));
        for (const image of plain) out.line(words.plainRow(image, name));
      }
    });
  command.command("remove").description(words.about.remove)
    .argument("<name>", words.name)
    .action(async (name, _options, command) => {
      const { removeImages } = await import("../../checks/images/image_folder.ts");
      const out = outputFor(commonOptions(command));
      const removed = await removeImages(imagesFolder(), name);
      out.data({ removed });
      out.line(removed ? words.removed(name) : words.unknown(name));
      if (!removed) exit(EXIT.usage);
    });
};
