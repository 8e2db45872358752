import assert from "node:assert/strict";
import { ContentError, formatIssue } from "../../../checks/content_error.ts";
import { readImages } from "../../../checks/images/image_file.ts";

const GOOD = `
image: study/web
tags: ["1.0"]
env: { MODE: dev }
entrypoint: [/app/server]
programs:
  /app/server:
    needs: [DB_HOST]
    log: ["mode \${MODE}"]
    listens:
      - port: 8080
        answers: [{ path: /, body: "hello\\n" }]
---
plain: [mycompany/app, "example.com/team/*"]
`;

Deno.test("images: documents of one file", () => {
  const { images, plain } = readImages(GOOD, "web.yaml");
  assert.deepEqual(images.map(({ image, tags }) => [image, tags]), [["study/web", ["1.0"]]]);
  assert.equal(images[0].programs?.["/app/server"].listens?.[0].answers?.[0].body, "hello\n");
  assert.deepEqual(plain, ["mycompany/app", "example.com/team/*"]);
});

Deno.test("images: every mistake is told with its place, in both languages", () => {
  const text = `image: Study/Web:1.0
tags: [1.0]
enviroment: {}
files: { app.txt: a }
programs:
  server:
    listens:
      - port: 80
      - port: 80
      - port: 99999
`;
  const told = (language: "en" | "ko") => {
    try {
      readImages(text, "web.yaml");
      return [];
    } catch (error) {
      assert.ok(error instanceof ContentError);
      return error.issues.map((issue) => formatIssue(issue, language));
    }
  };
  assert.deepEqual(told("en"), [
    "web.yaml:3:1: enviroment: is not known here; known are image, tags, sizeMB, shell, tools, user, workingDir, env, " +
    "files, entrypoint, command, programs",
    'web.yaml:1:8: image: is "Study/Web:1.0", but must be an image\'s name without a tag, such as study/web',
    'web.yaml:2:8: tags[0]: is 1, but must be a tag in quotes, such as "1.0"',
    "web.yaml:10:15: programs.server.listens[2].port: is 99999, but must be a whole number from 1 to 65535",
  ]);
  assert.match(told("ko")[1], /^web\.yaml:1:8: image: 현재 값은 "Study\/Web:1\.0"이지만/);
});

Deno.test("images: what is only wrong in its context, and what is no image at all", () => {
  const told = (text: string) => {
    try {
      readImages(text, "a.yaml");
      return [];
    } catch (error) {
      assert.ok(error instanceof ContentError);
      return error.issues.map((issue) => formatIssue(issue, "en"));
    }
  };
  assert.deepEqual(
    told("image: a\nfiles: { x: '' }\nprograms: { p: { listens: [{ port: 80 }, { port: 80 }] } }\n"),
    [
      "a.yaml:2:10: files.x: must be a path that begins with /",
      "a.yaml:3:50: programs.p.listens[1].port: 80 is listened on twice",
    ],
  );
  assert.match(told("")[0], /is empty/);
  assert.match(told("- a")[0], /must be a map with image/);
  assert.match(told("image: [")[0], /^a\.yaml:\d+:\d+: YAML: /);
});
