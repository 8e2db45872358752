/** The folder of the images that somebody has added: one file an image, or a file of plain names. */
import { copyFile, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { AddedImages } from "../../cluster/added_images.ts";
import { Problem } from "../../cluster/problem.ts";
import { ContentError } from "../content_error.ts";

export interface ImageFile {
  /** The file's name without its ending: by this it is removed. */
  readonly name: string;
  readonly path: string;
}

const isYaml = (file: string) => [".yaml", ".yml"].includes(extname(file));
const nameOf = (file: string) => basename(file, extname(file));

/** The files of a folder, by name; none where there is no folder. */
export async function imageFiles(folder: string): Promise<readonly ImageFile[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter(isYaml).sort().map((file) => ({ name: nameOf(file), path: join(folder, file) }));
}

/**
 * What all files of a folder describe; undefined where there is none. What reads them is loaded only where there are.
 *
 * @throws {ContentError} naming what is wrong
 */
export async function readImageFolder(folder: string): Promise<AddedImages | undefined> {
  const files = await imageFiles(folder);
  return files.length === 0 ? undefined : await readAll(files);
}

/** @throws {ContentError} with the complaints of all files */
async function readAll(files: readonly ImageFile[]): Promise<AddedImages> {
  const { readImages } = await import("./image_file.ts");
  const issues: ContentError["issues"][number][] = [];
  const all: AddedImages[] = [];
  for (const { path } of files) {
    try {
      all.push(readImages(await readFile(path, "utf8"), path));
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      issues.push(...error.issues);
    }
  }
  if (issues.length > 0) throw new ContentError(issues);
  return { images: all.flatMap(({ images }) => images), plain: all.flatMap(({ plain }) => plain) };
}

/**
 * Copies a file, or all files of a folder, into the folder; nothing is copied unless all can be used. A file of the same
 * name is replaced.
 *
 * @returns what was added
 * @throws {Problem} `usage` where there is nothing to add, {@linkcode ContentError} for what cannot be used
 */
export async function addImages(folder: string, given: string): Promise<AddedImages> {
  const found = await stat(given).catch(() => undefined);
  const files = found === undefined
    ? []
    : found.isDirectory()
    ? await imageFiles(given)
    : [{ name: nameOf(given), path: given }];
  if (files.length === 0) {
    throw new Problem("usage", {
      en: found === undefined ? `There is no ${given}.` : `${given} has no .yaml files.`,
      ko: found === undefined ? `${given} 파일이 없습니다.` : `${given}에 .yaml 파일이 없습니다.`,
    });
  }
  const added = await readAll(files);
  await mkdir(folder, { recursive: true });
  for (const { name, path } of files) await copyFile(path, join(folder, `${name}.yaml`));
  return added;
}

/** Removes a file by its name, or that which describes the image of this name. @returns whether there was one */
export async function removeImages(folder: string, name: string): Promise<boolean> {
  const { readImages } = await import("./image_file.ts");
  for (const file of await imageFiles(folder)) {
    if (file.name !== name && !(await describes(file))) continue;
    await rm(file.path);
    return true;
  }
  return false;

  /** A file with other images in it too is removed by its own name alone. */
  async function describes({ path }: ImageFile): Promise<boolean> {
    try {
      const { images, plain } = readImages(await readFile(path, "utf8"), path);
      return images.length + plain.length === 1 && (images[0]?.image ?? plain[0]) === name;
    } catch {
      return false;
    }
  }
}
