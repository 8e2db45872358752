/** Names of fields that are none in CEL. Source: `k8s.io/apiserver/pkg/cel/escaping.go`. */
const RESERVED: ReadonlySet<string> = new Set(
  ("true false null in as break const continue else for function if import let loop package namespace return var void " +
    "while").split(" "),
);

/** The name by which expressions call a property, "foo__dash__bar"; undefined when they cannot. */
export function escape(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  if (!/^[a-zA-Z_./-][a-zA-Z0-9_./-]*$/.test(name)) return undefined;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}

const ESCAPES: Readonly<Record<string, string>> = { underscores: "__", dot: ".", dash: "-", slash: "/" };

/** The property that an expression calls by a name. */
export function unescape(name: string): string {
  const reserved = /^__([a-z]+)__$/.exec(name);
  if (reserved !== null && RESERVED.has(reserved[1])) return reserved[1];
  return name.replace(/__(underscores|dot|dash|slash)__/g, (_, escape: string) => ESCAPES[escape]);
}
