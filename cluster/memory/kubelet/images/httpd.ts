/** Apache httpd as its official image runs it. */
import type { Server } from "./image.ts";
import { accessTime, httpdTime, httpTime } from "./log_time.ts";
import { serveFile, STATUS_TEXT } from "./static_site.ts";

const VERSION = "2.4.65";
export const HTTPD_PAGE = "<html><body><h1>It works!</h1></body></html>\n";
export const HTTPD_CONF = `ServerRoot "/usr/local/apache2"
Listen 80
ServerAdmin you@example.com
DocumentRoot "/usr/local/apache2/htdocs"
ErrorLog /proc/self/fd/2
LogLevel warn
`;

export const httpd: Server = ({ podIP, pid, now, out, err, readFile, names }) => {
  const config = readFile("/usr/local/apache2/conf/httpd.conf") ?? HTTPD_CONF;
  const ports = [...config.matchAll(/^\s*Listen\s+(?:\S+:)?(\d+)/gm)].map(([, port]) => Number(port));
  const root = /^\s*DocumentRoot\s+"?([^"\n]+)"?/m.exec(config)?.[1] ?? "/usr/local/apache2/htdocs";
  const name =
    `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${podIP}. ` +
    "Set the 'ServerName' directive globally to suppress this message";
  const note = (module: string, code: string, text: string) =>
    err(`[${httpdTime(now())}] [${module}:notice] [pid ${pid}:tid ${pid}] ${code}: ${text}`);
  err(name);
  err(name);
  note("mpm_event", "AH00489", `Apache/${VERSION} (Unix) configured -- resuming normal operations`);
  note("core", "AH00094", "Command line: 'httpd -D FOREGROUND'");
  return {
    ports,
    http({ path, method = "GET", from = podIP }) {
      const file = serveFile(root, path, { readFile, names });
      const title = `${file.status} ${STATUS_TEXT[file.status]}`;
      const body = file.status === 200
        ? file.body
        : `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n` +
          `<h1>${STATUS_TEXT[file.status]}</h1>\n</body></html>\n`;
      out(`${from} - - [${accessTime(now())}] "${method} ${path} HTTP/1.1" ${file.status} ${body.length}`);
      const headers = { date: httpTime(now()), server: `Apache/${VERSION} (Unix)`, "content-type": "text/html" };
      return { status: file.status, headers: { ...headers, ...file.headers }, body };
    },
    stop: () => note("mpm_event", "AH00491", "caught SIGTERM, shutting down"),
  };
};
