/** Redis as its official image runs it. */
import type { Server } from "../image.ts";
import { redisTime } from "../log_time.ts";

const REDIS_VERSION = "7.4.6";

/** Redis with strings, counters and keys: enough to see that a client reaches it. */
export const redis: Server = ({ args, pid, now, out, readFile }) => {
  const given = (name: string) => args[args.indexOf(`--${name}`) + 1];
  const file = args[0]?.startsWith("-") === false ? readFile(args[0]) : undefined;
  const fromFile = (name: string) => new RegExp(`^\\s*${name}\\s+"?([^"\\n]+?)"?\\s*$`, "m").exec(file ?? "")?.[1];
  const port = Number((args.includes("--port") ? given("port") : fromFile("port")) ?? 6379);
  const password = args.includes("--requirepass") ? given("requirepass") : fromFile("requirepass");
  const line = (role: string, mark: string, text: string) => out(`${pid}:${role} ${redisTime(now())} ${mark} ${text}`);
  line("C", "*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
  line("C", "*", `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${pid}, just started`);
  if (args.length === 0) {
    line(
      "C",
      "#",
      "Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf",
    );
  } else line("C", "*", "Configuration loaded");
  line("M", "*", "monotonic clock: POSIX clock_gettime");
  line("M", "*", `Running mode=standalone, port=${port}.`);
  line("M", "*", "Server initialized");
  line("M", "*", "Ready to accept connections tcp");
  const data = new Map<string, string>();
  let allowed = password === undefined;
  return {
    ports: [port],
    line(text) {
      const [command = "", key = "", ...rest] = text.trim().split(/\s+/);
      const name = command.toUpperCase();
      if (name === "AUTH") {
        allowed = key === password;
        return allowed ? "+OK" : "-WRONGPASS invalid username-password pair or user is disabled.";
      }
      if (!allowed) return "-NOAUTH Authentication required.";
      return redisAnswer(name, key, rest, data);
    },
    stop() {
      out(`${pid}:signal-handler (${Math.floor(now() / 1000)}) Received SIGTERM scheduling shutdown...`);
      line("M", "*", "User requested shutdown...");
      line("M", "#", "Redis is now ready to exit, bye bye...");
    },
  };
};

function redisAnswer(name: string, key: string, rest: readonly string[], data: Map<string, string>): string {
  const bulk = (value: string | undefined) => value === undefined ? "$-1" : `$${value.length}\r\n${value}`;
  switch (name) {
    case "PING":
      return key === "" ? "+PONG" : bulk(key);
    case "ECHO":
      return bulk([key, ...rest].join(" "));
    case "SET":
      data.set(key, rest.join(" "));
      return "+OK";
    case "GET":
      return bulk(data.get(key));
    case "DEL":
      return `:${data.delete(key) ? 1 : 0}`;
    case "EXISTS":
      return `:${data.has(key) ? 1 : 0}`;
    case "INCR":
    case "DECR": {
      const next = Number(data.get(key) ?? 0) + (name === "INCR" ? 1 : -1);
      if (Number.isNaN(next)) return "-ERR value is not an integer or out of range";
      data.set(key, String(next));
      return `:${next}`;
    }
    case "KEYS":
      return `*${data.size}${[...data.keys()].map((one) => `\r\n${bulk(one)}`).join("")}`;
    case "DBSIZE":
      return `:${data.size}`;
    case "FLUSHALL":
      data.clear();
      return "+OK";
    case "INFO":
      return bulk(`# Server\r\nredis_version:${REDIS_VERSION}\r\nredis_mode:standalone\r\nrole:master`);
    case "QUIT":
      return "+OK";
    default:
      return `-ERR unknown command '${name.toLowerCase()}', with args beginning with: ${key === "" ? "" : `'${key}' `}`;
  }
}
