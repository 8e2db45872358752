/** Small applications that courses deploy to see that something answers. */
import type { Server, ServerContext } from "./image.ts";
import { accessTime, dashTime, slashTime } from "./log_time.ts";
import { html, notFound, text } from "./responses.ts";

const COLORS: Readonly<Record<string, string>> = {
  red: "#e74c3c",
  green: "#16a085",
  blue: "#2980b9",
  blue2: "#30336b",
  pink: "#be2edd",
  darkblue: "#130f40",
};
const COLOR_OF_TAG: Readonly<Record<string, string>> = { v1: "blue", v2: "green", v3: "red" };

/** kodekloud/webapp-color: a page in the colour of APP_COLOR, of `--color`, or by chance. */
export const webappColor: Server = ({ args, env, tag, hostname, podIP, out, now }) => {
  const asked = args[args.indexOf("--color") + 1 || args.length];
  const color = asked ?? env.APP_COLOR ?? COLOR_OF_TAG[tag] ?? "red";
  out(" This is a sample web application that displays a colored background. ");
  out(" A color can be specified in two ways. ");
  out("");
  out(
    " 1. As a command line argument with --color as the argument. Accepts one of " +
      `${Object.keys(COLORS).join(",")} `,
  );
  out(" 2. As an Environment variable APP_COLOR. Accepts one of " + `${Object.keys(COLORS).join(",")} `);
  out(" 3. If none of the above then a random color is picked from the above list. ");
  out(" Note: Command line argument precedes over environment variable.");
  out("");
  if (asked !== undefined) out(`Color from command line argument =${asked}`);
  else if (env.APP_COLOR !== undefined) {
    out(`No Command line argument. Color from environment variable =${env.APP_COLOR}`);
  } else out(`No command line argument or environment variable. Picking a Random Color =${color}`);
  const code = COLORS[color];
  if (code === undefined) {
    out(`Color not supported. Received '${color}' expected one of ${Object.keys(COLORS).join(",")}`);
    return 1;
  }
  out(' * Serving Flask app "app" (lazy loading)');
  out(" * Running on http://0.0.0.0:8080/ (Press CTRL+C to quit)");
  return {
    ports: [8080],
    http({ path, method = "GET", from = podIP }) {
      const [name] = path.split("?");
      const found = name === "/" || name === "/color" || name === "/read_file";
      const [date] = accessTime(now()).split(" ");
      out(`${from} - - [${date.replace(":", " ")}] "${method} ${path} HTTP/1.1" ${found ? 200 : 404} -`);
      if (!found) return html("<!DOCTYPE HTML>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n", 404);
      if (name === "/color") return html(color);
      return html(
        `<!doctype html>\n<title>Hello from Flask</title>\n<body style="background: ${code};"></body>\n` +
          `<div style="color: #e4e4e4;\n    text-align:  center;\n    height: 90px;\n    vertical-align:  middle;">\n\n` +
          `  <h1>Hello from ${hostname}!</h1>\n\n</div>`,
      );
    },
  };
};

/** gcr.io/google-samples/hello-app */
export const helloApp: Server = ({ hostname, tag, env, err, now }) => {
  const port = Number(env.PORT ?? 8080);
  const version = tag.startsWith("2") ? "2.0.0" : "1.0.0";
  err(`${slashTime(now())} Server listening on port ${port}`);
  return {
    ports: [port],
    http({ path }) {
      err(`${slashTime(now())} Serving request: ${path}`);
      return text(`Hello, world!\nVersion: ${version}\nHostname: ${hostname}\n`);
    },
  };
};

/** hashicorp/http-echo */
export const httpEcho: Server = ({ args, env, err, now }) => {
  const option = (name: string) =>
    args.find((arg) => arg.replace(/^--?/, "").startsWith(`${name}=`))?.replace(/^[^=]*=/, "") ??
      args[args.findIndex((arg) => arg.replace(/^--?/, "") === name) + 1 || args.length];
  const body = option("text") ?? env.ECHO_TEXT ?? "hello-world";
  const port = Number(/(\d+)$/.exec(option("listen") ?? ":5678")![1]);
  err(`${slashTime(now())} [INFO] server is listening on :${port}`);
  return { ports: [port], http: () => ({ status: 200, headers: { "x-app-name": "http-echo" }, body: `${body}\n` }) };
};

/** traefik/whoami */
export const whoami: Server = ({ args, env, hostname, podIP, out, now }) => {
  const index = args.findIndex((arg) => arg === "--port" || arg === "-port");
  const port = Number(env.WHOAMI_PORT_NUMBER ?? (index < 0 ? 80 : args[index + 1]));
  out(`${slashTime(now())} Starting up on port ${port}`);
  return {
    ports: [port],
    http: ({ path, method = "GET", host = "", headers, from = podIP }) =>
      text(
        `Hostname: ${hostname}\nIP: 127.0.0.1\nIP: ::1\nIP: ${podIP}\nRemoteAddr: ${from}:41234\n${method} ${path} HTTP/1.1\n` +
          `Host: ${host}\n${
            Object.entries(headers).filter(([name]) => name !== "host").map(([name, value]) => `${name}: ${value}\n`)
              .join("")
          }\n`,
      ),
  };
};

/** registry.k8s.io/echoserver and ealen/echo-server */
export const echoServer = (ports: readonly number[]): Server => ({ hostname, podIP }) => ({
  ports,
  http: ({ path, method = "GET", host = "", headers, from = podIP }) =>
    text(
      `\n\nHostname: ${hostname}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx\n\n` +
        `Request Information:\n\tclient_address=${from}\n\tmethod=${method}\n\treal path=${path}\n\tquery=\n\trequest_version=1.1\n` +
        `\trequest_scheme=http\n\trequest_uri=http://${host}:8080${path}\n\nRequest Headers:\n` +
        `${
          Object.entries({ host, ...headers }).map(([name, value]) => `\t${name}=${value}\n`).join("")
        }\nRequest Body:\n\t-no body in request-\n\n`,
    ),
});

/** A page that says what it is, for demo applications of which nobody looks at more. */
export const demoPage = (ports: readonly number[], body: (context: ServerContext) => string): Server => (context) => ({
  ports,
  http: ({ path }) => path.split("?")[0] === "/favicon.ico" ? notFound() : html(body(context)),
});

/** gcr.io/kuar-demo/kuard */
export const kuard: Server = ({ tag, hostname, out, now, podIP }) => {
  out(`${slashTime(now())} Starting kuard version: v0.10.0-${tag}`);
  out(`${slashTime(now())} Serving on HTTP on :8080`);
  let [healthy, ready] = [true, true];
  return {
    ports: [8080],
    http({ path, from = podIP }) {
      out(`${slashTime(now())} ${from}:41234 GET ${path}`);
      if (path === "/healthy" || path === "/healthz") return healthy ? text("ok") : text("fail", 500);
      if (path === "/ready") return ready ? text("ok") : text("fail", 500);
      if (path.startsWith("/healthy/api")) healthy = false;
      if (path.startsWith("/ready/api")) ready = false;
      return html(
        `<!doctype html>\n<title>KUAR Demo</title>\n<h1>Demo application version ${tag}</h1>\n<div>${hostname}</div>\n`,
      );
    },
  };
};

/** kodekloud/event-simulator: somebody is busy in a shop. */
export const eventSimulator: Server = ({ out, now, every }) => {
  const pages = [
    "USER1 logged in",
    "USER2 is viewing page1",
    "USER3 is viewing page2",
    "USER4 logged out",
    "USER1 is viewing page3",
  ];
  let count = 0;
  const next = () => {
    const text = pages[count % pages.length];
    out(`[${dashTime(now())},${String(now() % 1000).padStart(3, "0")}] INFO in event-simulator: ${text}`);
    if (++count % 5 === 0) {
      out(
        `[${
          dashTime(now())
        },000] WARNING in event-simulator: USER5 Failed to Login as the account is locked due to MANY FAILED ATTEMPTS.`,
      );
    }
    if (count % 8 === 0) {
      out(`[${dashTime(now())},000] WARNING in event-simulator: USER7 Order failed as the item is OUT OF STOCK.`);
    }
  };
  next();
  every(1000, next);
  return { ports: [] };
};
