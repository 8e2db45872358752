/**
 * CoreDNS: a chain of plugins that is built from the Corefile.
 *
 * Of the plugins that answer, `kubernetes`, `hosts` with entries of its own, `rewrite name` and `forward` do what they
 * do in CoreDNS; the others are accepted and let every question pass.
 */
import { type Plugin, type ServerBlock, serverFor } from "./corefile.ts";
import { answerKubernetes, type NameView } from "./kubernetes_plugin.ts";
import { absolute, type Answer, type Question, reverseName } from "./message.ts";

/** Name servers beyond the cluster. */
export type Upstream = (question: Question) => Answer;

/** The order in which plugins get a question, whatever the order in the file. */
const ORDER = ["rewrite", "hosts", "kubernetes", "forward"];
/** So many names may stand for one another in a row. */
const LONGEST_CHAIN = 8;

export interface ServerOptions {
  readonly servers: readonly ServerBlock[];
  readonly view: NameView;
  readonly upstream: Upstream;
}

/** Answers a question, and follows the names that stand for others. */
export function answer(options: ServerOptions, question: Question, depth = 0): Answer {
  const first = ask(options, question);
  const alias = first.answers.find(({ type }) => type === "CNAME");
  if (alias === undefined || question.type === "CNAME" || depth >= LONGEST_CHAIN) return first;
  const rest = answer(options, { ...question, name: alias.data }, depth + 1);
  return { ...first, answers: [...first.answers, ...rest.answers] };
}

function ask({ servers, view, upstream }: ServerOptions, { name: asked, type }: Question): Answer {
  const name = absolute(asked);
  const server = serverFor(servers, name);
  if (server === undefined) return { code: "REFUSED", answers: [] };
  let question: Question = { name, type };
  const plugins = server.plugins.filter((plugin) => ORDER.includes(plugin.name))
    .sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  for (const plugin of plugins) {
    if (plugin.name === "rewrite") {
      question = rewrite(plugin, question);
      continue;
    }
    const found = plugin.name === "kubernetes"
      ? answerKubernetes(plugin, view, question)
      : plugin.name === "hosts"
      ? answerHosts(plugin, question)
      : upstream(question);
    if (found === undefined) continue;
    // The client gets the name that it asked for.
    const answers = found.answers.map((one) => one.name === question.name ? { ...one, name } : one);
    return { ...found, answers };
  }
  return { code: "SERVFAIL", answers: [] };
}

/** `rewrite [stop|continue] name [exact|prefix|suffix|substring] from to` */
function rewrite({ args }: Plugin, question: Question): Question {
  const rule = args[0] === "stop" || args[0] === "continue" ? args.slice(1) : args;
  if (rule[0] !== "name") return question;
  const typed = ["exact", "prefix", "suffix", "substring"].includes(rule[1]);
  const how = typed ? rule[1] : "exact";
  const [from = "", to = ""] = rule.slice(typed ? 2 : 1);
  const { name } = question;
  if (how === "exact") return name === absolute(from) ? { ...question, name: absolute(to) } : question;
  if (how === "prefix") return name.startsWith(from) ? { ...question, name: to + name.slice(from.length) } : question;
  if (how === "substring") return { ...question, name: name.replace(from, to) };
  const [tail, replacement] = [absolute(from), absolute(to)];
  return name.endsWith(tail) ? { ...question, name: name.slice(0, -tail.length) + replacement } : question;
}

/** `hosts { 10.0.0.1 example.org; fallthrough }` */
function answerHosts({ options }: Plugin, { name, type }: Question): Answer | undefined {
  const entries = options.filter(([first]) => /^[0-9a-f]*[.:]/i.test(first ?? ""));
  const ttl = Number(options.find(([word]) => word === "ttl")?.[1] ?? 3600);
  const found = type === "PTR"
    ? entries.filter(([ip]) => reverseName(ip) === name).map(([, host]) => absolute(host))
    : entries.filter(([ip, ...hosts]) => hosts.map(absolute).includes(name) && ip.includes(":") === (type === "AAAA"))
      .map(([ip]) => ip);
  if (found.length > 0) return { code: "NOERROR", answers: found.map((data) => ({ name, type, ttl, data })) };
  const known = entries.some(([, ...hosts]) => hosts.map(absolute).includes(name));
  if (known) return { code: "NOERROR", answers: [] };
  return options.some(([word]) => word === "fallthrough") ? undefined : { code: "NXDOMAIN", answers: [] };
}
