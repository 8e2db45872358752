/** Catalogues that do not come with Drydock: a folder, or an npm package that is installed where one works. */
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Problem } from "../cluster/problem.ts";

/** How npm calls packages. Source: docs.npmjs.com/cli/configuring-npm/package-json#name */
const PACKAGE = /^(npm:)?((@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)$/;

/**
 * The folder of the catalogue that `asked` means: a folder where there is one, else an npm package of that name in
 * `node_modules` here or above. A package says with `"drydock": { "exercises": "FOLDER" }` where its exercises are;
 * else they are in its folder `exercises`. Nothing is downloaded.
 *
 * @throws {Problem} `usage` when there is neither
 */
export async function catalogueFolder(asked: string, here: string): Promise<string> {
  const folder = resolve(here, asked);
  if (!asked.startsWith("npm:") && await isFolder(folder)) return folder;
  const name = PACKAGE.exec(asked)?.[2];
  const found = name === undefined ? undefined : await installedPackage(name, resolve(here));
  if (found !== undefined) return found;
  throw new Problem(
    "usage",
    {
      en: `${asked} is neither a folder of exercises nor an installed npm package.`,
      ko: `연습 문제 폴더도, 설치된 npm 패키지도 아닙니다: ${asked}`,
    },
    name === undefined ? undefined : {
      en: `A package is installed with \`npm install ${name}\`.`,
      ko: `패키지는 \`npm install ${name}\` 명령으로 설치합니다.`,
    },
  );
}

async function installedPackage(name: string, here: string): Promise<string | undefined> {
  for (let at = here;; at = dirname(at)) {
    const root = join(at, "node_modules", ...name.split("/"));
    if (await isFolder(root)) return await exercisesOf(root);
    if (dirname(at) === at) return undefined;
  }
}

async function exercisesOf(root: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8").catch(() => "{}"));
  const said = manifest?.drydock?.exercises;
  return join(root, typeof said === "string" ? said : "exercises");
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
