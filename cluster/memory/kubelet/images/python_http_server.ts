/** `http.server` of Python, which stands for other simple servers of folders too. */
import type { Server } from "./image.ts";
import { accessTime, httpTime } from "./log_time.ts";
import { html } from "./responses.ts";
import { serveFile } from "./static_site.ts";

/** `python -m http.server`, and what else serves a folder so. @param greeting said at the start, where it is given */
export const pythonHttpServer = (
  port: number,
  folder: string,
  greeting = `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`,
): Server =>
({ podIP, now, err, out, readFile, names }) => {
  if (greeting !== "") out(greeting);
  return {
    ports: [port],
    http({ path, method = "GET", from = podIP }) {
      let response = serveFile(folder, path, { readFile, names });
      if (response.status === 403 && path.endsWith("/")) {
        const title = `Directory listing for ${path}`;
        const items = names(`${folder}${path}`).map((name) => `<li><a href="${name}">${name}</a></li>\n`).join("");
        response = html(
          `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${items}</ul>\n<hr>\n</body>\n</html>\n`,
        );
      } else if (response.status === 404) {
        response = html(
          "<!DOCTYPE HTML>\n<title>Error response</title>\n<h1>Error response</h1>\n<p>Error code: 404</p>\n<p>Message: File not found.</p>\n",
          404,
        );
      }
      const [date] = accessTime(now()).split(" ");
      err(`${from} - - [${date.replace(":", " ")}] "${method} ${path} HTTP/1.1" ${response.status} -`);
      return {
        ...response,
        headers: { server: "SimpleHTTP/0.6 Python/3.13.7", date: httpTime(now()), ...response.headers },
      };
    },
  };
};
