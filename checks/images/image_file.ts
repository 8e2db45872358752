/** Reads files in which somebody describes images for the memory cluster. */
import type { AddedImage, AddedImages } from "../../cluster/added_images.ts";
import { ContentError } from "../content_error.ts";
import {
  boolean,
  complain,
  fields,
  inside,
  integer,
  isMap,
  list,
  mapOf,
  optional,
  type Place,
  readShape,
  type Shape,
  string,
} from "../shape.ts";
import { readYaml } from "../yaml.ts";

const REPOSITORY =
  /^([a-z0-9]+(?:[._-][a-z0-9]+)*(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

const name = string(
  REPOSITORY,
  "an image's name without a tag, such as study/web",
  "study/web처럼 태그 없는 이미지 이름",
);
const plainName = string(
  new RegExp(REPOSITORY.source.replace(/\$$/, "(?:\\/\\*)?$")),
  "an image's name without a tag, such as study/web or example.com/*",
  "study/web이나 example.com/*처럼 태그 없는 이미지 이름",
);
const tag = string(/^\w[\w.-]{0,127}$/, 'a tag in quotes, such as "1.0"', '"1.0"처럼 따옴표로 감싼 태그');
const path = string(/^\//, "a path that begins with /", "/로 시작하는 경로");
const variable = string(/^[A-Za-z_]\w*$/, "a variable's name", "환경 변수 이름");

/** A text that may be empty. */
const anyText: Shape<string> = (place) =>
  typeof place.value === "string" ? place.value : complain(place, {
    en: `must be a text: put it in quotes`,
    ko: `문자열이어야 합니다. 따옴표로 감싸세요`,
  });

const PORT = integer(1, 65535);
const answer = fields({
  path,
  status: optional(integer(100, 599)),
  body: optional(anyText),
  headers: optional(mapOf(anyText)),
  from: optional(integer(0, 1_000_000)),
  until: optional(integer(0, 1_000_000)),
});
const listener = fields({
  port: PORT,
  answers: optional(list(answer)),
  folder: optional(path),
  log: optional(anyText),
});
const program = fields({
  needs: optional(list(variable)),
  log: optional(list(anyText)),
  every: optional(fields({ seconds: integer(1, 86_400), log: list(anyText) })),
  listens: optional(list(listener)),
  exits: optional(fields({ after: integer(0, 1_000_000), code: integer(0, 255) })),
  memoryMB: optional(integer(0, 1_000_000)),
  cpuMillis: optional(integer(0, 1_000_000)),
});

const imageShape = fields({
  image: name,
  tags: optional(list(tag)),
  sizeMB: optional(integer(0, 100_000)),
  shell: optional(boolean),
  tools: optional(list(string(/^[\w.+-]+$/, "a program's name", "프로그램 이름"))),
  user: optional(integer(0, 4_294_967_295)),
  workingDir: optional(path),
  env: optional(mapOf(anyText)),
  files: optional(mapOf(anyText)),
  entrypoint: optional(list(anyText)),
  command: optional(list(anyText)),
  programs: optional(mapOf(program)),
});
const plainShape = fields({ plain: list(plainName) });

/** One document: an image, or a list of names that are only said to exist. */
const documentShape: Shape<AddedImages> = (place) => {
  if (isMap(place.value) && "plain" in place.value) {
    const read = plainShape(place);
    return read === undefined ? undefined : { images: [], plain: read.plain };
  }
  const image = imageShape(place);
  if (image === undefined) return undefined;
  checkImage(image, place);
  return { images: [image], plain: [] };
};

function checkImage(image: AddedImage, place: Place): void {
  for (const file of Object.keys(image.files ?? {})) {
    if (file.startsWith("/")) continue;
    const at = inside(inside(place, "files"), file);
    complain(
      at,
      { en: "must be a path that begins with /", ko: "/로 시작하는 경로여야 합니다" },
      at.document.locateKey(at.path),
    );
  }
  for (const [key, { listens = [] }] of Object.entries(image.programs ?? {})) {
    listens.forEach(({ port }, i) => {
      if (listens.findIndex((one) => one.port === port) === i) return;
      complain(inside(inside(inside(inside(inside(place, "programs"), key), "listens"), i), "port"), {
        en: `${port} is listened on twice`,
        ko: `포트 ${port}를 두 번 열고 있습니다`,
      });
    });
  }
}

/**
 * All images of a file.
 *
 * @param file named in errors
 * @throws {ContentError} with every complaint
 */
export function readImages(text: string, file: string): AddedImages {
  const documents = readYaml(text, file);
  if (documents.length === 0) {
    const text = {
      en: "is empty: describe an image, or list names under plain",
      ko: "비어 있습니다. 이미지를 적거나 plain에 이름을 나열하세요",
    };
    throw new ContentError([{ file, line: 1, column: 1, text }]);
  }
  const issues: ContentError["issues"][number][] = [];
  const read = documents.flatMap((document) => {
    try {
      return [readShape(document, documentShape)];
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      issues.push(...error.issues);
      return [];
    }
  });
  if (issues.length > 0) throw new ContentError(issues);
  return { images: read.flatMap(({ images }) => images), plain: read.flatMap(({ plain }) => plain) };
}
