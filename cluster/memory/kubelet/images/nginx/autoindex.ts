/** The page that `autoindex on` shows for a folder. */
import type { HttpResponse } from "../../runtime/runtime.ts";
import type { ServerContext } from "../image.ts";
import { accessTime } from "../log_time.ts";

/** Columns that a name has. */
const WIDTH = 50;

export function autoindex(folder: string, uri: string, { names, readFile, now }: ServerContext): HttpResponse {
  const [day, hour, minute] = accessTime(now()).split(/[ :]/);
  const date = `${day.replaceAll("/", "-")} ${hour}:${minute}`;
  const row = (name: string) => {
    const content = readFile(`${folder}${name}`);
    const shown = content === undefined ? `${name}/` : name;
    const size = content === undefined ? "-" : String(content.length);
    return `<a href="${encodeURI(shown)}">${shown}</a>${" ".repeat(Math.max(1, WIDTH + 1 - shown.length))}${date}${
      size.padStart(20)
    }\r\n`;
  };
  const body = `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre>` +
    `<a href="../">../</a>\r\n${names(folder).map(row).join("")}</pre><hr></body>\r\n</html>\r\n`;
  return { status: 200, headers: { "content-type": "text/html" }, body };
}
