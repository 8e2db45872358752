/** `wget`, as busybox has it. */
import { STATUS_TEXT } from "../../images/static_site.ts";
import { encodeText } from "../streams.ts";
import { duration, fail, out, pathOf, type Program, reasonOf } from "./program.ts";
import { addressOf, answerOf, connect, targetOf } from "./reaching.ts";

export const wget: Program = async (args, context) => {
  let [output, quiet, spider, timeout, post, tries] = [
    undefined as string | undefined,
    false,
    false,
    undefined as number | undefined,
    undefined as string | undefined,
    1,
  ];
  const headers: Record<string, string> = { "user-agent": "Wget" };
  let url: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const value = () => arg.includes("=") && arg.startsWith("--") ? arg.slice(arg.indexOf("=") + 1) : args[++i];
    if (/^-[a-zA-Z]*O/.test(arg)) {
      quiet ||= /q.*O/.test(arg);
      output = arg.slice(arg.indexOf("O") + 1) || args[++i];
    } else if (arg === "--spider") spider = true;
    else if (/^-[a-zA-Z]*T/.test(arg)) timeout = duration(arg.slice(arg.indexOf("T") + 1) || args[++i]);
    else if (arg.startsWith("--timeout")) timeout = duration(value());
    else if (arg === "-t" || arg.startsWith("--tries")) tries = Number(value());
    else if (arg.startsWith("--header")) {
      const [name, ...rest] = value().split(":");
      headers[name.trim().toLowerCase()] = rest.join(":").trim();
    } else if (arg.startsWith("--post-data")) post = value();
    else if (/^-q/.test(arg) || arg === "--quiet") quiet = true;
    else if (!arg.startsWith("-")) url = arg;
  }
  const target = url === undefined ? undefined : targetOf(url);
  if (target === undefined) return await fail(context, "wget: missing URL");
  const { host, port, path, https } = target;
  const usual = port === (https ? 443 : 80);
  const address = await addressOf(host, context);
  if (address === undefined) return await fail(context, `wget: bad address '${host}${usual ? "" : `:${port}`}'`);
  const say = (text: string) => quiet ? undefined : context.stderr.write(encodeText(text));
  await say(`Connecting to ${host}${usual ? "" : `:${port}`} (${address}:${port})\n`);
  let peer = await connect(address, port, timeout, context);
  for (let i = 1; i < tries && peer === "timeout"; i++) peer = await connect(address, port, timeout, context);
  if (peer === "timeout") {
    return await fail(
      context,
      timeout === undefined
        ? `wget: can't connect to remote host (${address}): Connection timed out`
        : "wget: download timed out",
    );
  }
  if (peer === "unreachable") {
    return await fail(context, `wget: can't connect to remote host (${address}): Network unreachable`);
  }
  if (peer === "refused") {
    return await fail(context, `wget: can't connect to remote host (${address}): Connection refused`);
  }
  if (https) {
    if (peer.certificate?.(host) === undefined) {
      return await fail(context, `wget: TLS error from peer (alert code 80): internal error`);
    }
    // busybox' own TLS looks at no certificate.
    await say("wget: note: TLS certificate validation not implemented\n");
  }
  const hostHeader = usual ? host : `${host}:${port}`;
  const answer = peer.http({
    port,
    path,
    host: hostHeader,
    headers: { host: hostHeader, ...headers },
    https,
    method: post === undefined ? "GET" : "POST",
    body: post,
  });
  const response = await answerOf(context, answer, timeout);
  if (response === "timeout") return await fail(context, "wget: download timed out");
  if (response === undefined) return await fail(context, "wget: error getting response: Invalid argument");
  if (response.status >= 400) {
    return await fail(
      context,
      `wget: server returned error: HTTP/1.1 ${response.status} ${STATUS_TEXT[response.status] ?? ""}`,
    );
  }
  if (spider) return await say("remote file exists\n"), 0;
  const file = output ?? (path.split("/").pop()?.split("?")[0] || "index.html");
  const [where, shown] = file === "-" ? ["writing to stdout\n", "-"] : [`saving to '${file}'\n`, file];
  await say(where);
  try {
    if (file === "-") await out(context, response.body);
    else if (file !== "/dev/null") {
      context.process.machine.files.write(pathOf(context, file), response.body, {
        uid: context.process.machine.config.user,
      });
    }
  } catch (error) {
    return await fail(context, `wget: can't open '${file}': ${reasonOf(error)}`);
  }
  const size = encodeText(response.body).length;
  await say(`${shown.padEnd(20)} 100% |********************************| ${String(size).padStart(5)}  0:00:00 ETA\n`);
  await say(file === "-" ? "written to stdout\n" : `'${file}' saved\n`);
  return 0;
};
