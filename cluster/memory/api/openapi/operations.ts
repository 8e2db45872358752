/**
 * The paths of a kind and what can be done there.
 *
 * kubectl looks here whether the server validates fields, and which patches it takes.
 *
 * Source: `apiserver/pkg/endpoints/installer.go`; for custom resources
 * `apiextensions-apiserver/pkg/controller/openapi/builder`.
 */
import { apiVersionOf, type Kind } from "../../kinds/kind.ts";
import { isCustom, subresourcesOf, verbsOf } from "../discovery/resources.ts";
import { reference } from "./names.ts";
import { type ParameterOptions, parametersOf } from "./parameters.ts";
import type { Schema } from "./schemas.ts";

/** How a document names the types that the operations of a kind take and give. */
export interface TypeNames {
  /** "io.k8s.api.apps.v1.Deployment" */
  readonly object: string;
  readonly list: string;
  readonly deleteOptions: string;
  readonly status: string;
  readonly patch: string;
  readonly watchEvent: string;
  /** Of a subresource's kind. */
  of(kind: GroupVersionKind): string;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

type Method = "get" | "put" | "post" | "delete" | "options" | "head" | "patch";
type Operations = Partial<Record<Method, Operation>>;
type Operation = Schema & { readonly parameters: readonly Schema[] };

const JSON_TYPES = ["application/json", "application/yaml"];
const ALL_TYPES = ["application/json", "application/vnd.kubernetes.protobuf", "application/yaml"];
const STREAMS = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"];

/** The paths of a kind in one of its versions, each with its operations and what they have in common. */
export function pathsOf(kind: Kind, group: string, version: string, names: TypeNames): Map<string, Schema> {
  const builder = new PathBuilder(kind, group, version, names);
  builder.collection();
  builder.object();
  for (const subresource of subresourcesOf(kind, group, version)) builder.subresource(subresource);
  return builder.paths;
}

class PathBuilder {
  readonly paths = new Map<string, Schema>();
  readonly #verbs: ReadonlySet<string>;
  readonly #types: readonly string[];
  readonly #root: string;
  readonly #own: GroupVersionKind;

  constructor(readonly kind: Kind, readonly group: string, readonly version: string, readonly names: TypeNames) {
    this.#verbs = new Set(verbsOf(kind));
    this.#types = isCustom(kind) ? JSON_TYPES : ALL_TYPES;
    this.#root = `/${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
    this.#own = { group, version, kind: kind.kind };
  }

  /** The path of all objects, in a namespace and of all of them. */
  collection() {
    const { kind, names } = this;
    const { namespaced } = kind;
    const verbs = this.#verbs;
    const watches = verbs.has("watch");
    const listed = `list ${watches ? "or watch " : ""}objects of kind ${kind.kind}`;
    const operations: Operations = {};
    if (verbs.has("list")) operations.get = this.#operation("list", "list", listed, { namespaced }, this.#listed());
    if (verbs.has("create")) {
      operations.post = this.#operation("post", "create", `create ${withArticle(kind.kind)}`, { namespaced }, {
        ...body(names.object),
        responses: this.#responses(names.object, ["200", "201", "202"]),
      });
    }
    if (verbs.has("deletecollection")) {
      operations.delete = this.#operation(
        "deletecollection",
        "delete",
        `delete collection of ${kind.kind}`,
        { namespaced },
        { ...body(names.deleteOptions, false), responses: this.#responses(names.status, ["200"]) },
        { inner: "Collection" },
      );
    }
    this.#add(this.#resource(namespaced), operations);
    if (namespaced && verbs.has("list")) {
      this.#add(`${this.#root}/${kind.plural}`, {
        get: this.#operation("list", "list", listed, { namespaced: false }, this.#listed(), { everywhere: true }),
      });
    }
    if (!watches || isCustom(kind)) return;
    const watch = "watch individual changes to a list of " + kind.kind +
      ". deprecated: use the 'watch' parameter with a list operation instead.";
    const watched = { responses: this.#responses(names.watchEvent, ["200"], true) };
    this.#add(this.#resource(namespaced, "/watch"), {
      get: this.#operation("watchlist", "watch", watch, { namespaced }, watched, { suffix: "List" }),
    });
    if (!namespaced) return;
    this.#add(`${this.#root}/watch/${kind.plural}`, {
      get: this.#operation("watchlist", "watch", watch, { namespaced: false }, watched, {
        suffix: "List",
        everywhere: true,
      }),
    });
  }

  /** The path of one object. */
  object() {
    const { kind, names } = this;
    const verbs = this.#verbs;
    const at = { namespaced: kind.namespaced, named: kind.kind };
    const operations: Operations = {};
    if (verbs.has("get")) {
      operations.get = this.#operation("get", "read", `read the specified ${kind.kind}`, at, {
        responses: this.#responses(names.object, ["200"]),
      });
    }
    if (verbs.has("update")) {
      operations.put = this.#operation("put", "replace", `replace the specified ${kind.kind}`, at, {
        ...body(names.object),
        responses: this.#responses(names.object, ["200", "201"]),
      });
    }
    if (verbs.has("delete")) {
      operations.delete = this.#operation("delete", "delete", `delete ${withArticle(kind.kind)}`, at, {
        ...body(names.deleteOptions, false),
        responses: this.#responses(kind.strategy.returnsDeleted ? names.object : names.status, ["200", "202"]),
      });
    }
    if (verbs.has("patch")) operations.patch = this.#patch(at, names.object, `the specified ${kind.kind}`, this.#own);
    if (Object.keys(operations).length === 0) return;
    this.#add(`${this.#resource(kind.namespaced)}/{name}`, operations);
    if (!verbs.has("watch") || isCustom(kind)) return;
    const watch =
      `watch changes to an object of kind ${kind.kind}. deprecated: use the 'watch' parameter with a list ` +
      "operation instead, filtered to a single item with the 'fieldSelector' parameter.";
    this.#add(`${this.#resource(kind.namespaced, "/watch")}/{name}`, {
      get: this.#operation("watch", "watch", watch, at, {
        responses: this.#responses(names.watchEvent, ["200"], true),
      }),
    });
  }

  /** A path below an object. */
  subresource({ name, kind: answered, verbs }: ReturnType<typeof subresourcesOf>[number]) {
    const { kind } = this;
    const type = this.#sameAs(answered) ? this.names.object : this.names.of(answered);
    const path = `${this.#resource(kind.namespaced)}/{name}/${name}`;
    const naming = { suffix: name[0].toUpperCase() + name.slice(1), gvk: answered };
    if (answered.kind.endsWith("Options")) return this.#connection(path, name, answered, verbs, naming.suffix);
    const at = { namespaced: kind.namespaced, named: answered.kind };
    const of = `${name} of the specified ${kind.kind}`;
    const operations: Operations = {};
    if (name === "log") {
      operations.get = this.#operation("get", "read", `read ${of}`, { ...at, options: "PodLogOptions" }, {
        responses: {
          "200": { description: "OK", content: { ...content({ type: "string" }, ["text/plain", ...this.#types]) } },
          ...UNAUTHORIZED,
        },
      }, naming);
    } else {
      if (verbs.includes("get")) {
        operations.get = this.#operation("get", "read", `read ${of}`, at, {
          responses: this.#responses(type, ["200"]),
        }, naming);
      }
      if (verbs.includes("update")) {
        operations.put = this.#operation("put", "replace", `replace ${of}`, at, {
          ...body(type),
          responses: this.#responses(type, ["200", "201"]),
        }, naming);
      }
      if (verbs.includes("create")) {
        operations.post = this.#operation(
          "post",
          "create",
          `create ${name} of ${withArticle(kind.kind)}`,
          at,
          {
            ...body(type),
            responses: this.#responses(type, ["200", "201", "202"]),
          },
          naming,
        );
      }
      if (verbs.includes("patch")) operations.patch = this.#patch(at, type, of, answered, naming.suffix);
    }
    this.#add(path, operations);
  }

  #connection(path: string, name: string, options: GroupVersionKind, verbs: readonly string[], suffix: string) {
    const methods: Method[] = name === "proxy"
      ? ["get", "put", "post", "delete", "options", "head", "patch"]
      : verbs.map((verb) => verb === "create" ? "post" : verb as Method).sort();
    for (const withPath of name === "proxy" ? [false, true] : [false]) {
      const operations: Operations = {};
      for (const method of methods) {
        const at = { namespaced: this.kind.namespaced, named: options.kind, options: options.kind, withPath };
        operations[method] = this.#operation(
          "connect",
          "connect",
          `connect ${method.toUpperCase()} requests to ${name} of ${this.kind.kind}`,
          at,
          {
            responses: { "200": { description: "OK", content: content({ type: "string" }, ["*/*"]) }, ...UNAUTHORIZED },
          },
          {
            gvk: options,
            inner: method[0].toUpperCase() + method.slice(1),
            suffix: suffix + (withPath ? "WithPath" : ""),
          },
        );
      }
      this.#add(withPath ? `${path}/{path}` : path, operations);
    }
  }

  #patch(at: ParameterOptions, type: string, what: string, gvk: GroupVersionKind, suffix = ""): Operation {
    const patches = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"];
    // Custom resources have no merge keys outside of their schema: no strategic merge.
    if (!isCustom(this.kind)) patches.push("application/strategic-merge-patch+json");
    return this.#operation("patch", "patch", `partially update ${what}`, at, {
      requestBody: { content: content({ $ref: reference(this.names.patch) }, patches), required: true },
      responses: this.#responses(type, isCustom(this.kind) ? ["200"] : ["200", "201"]),
    }, { suffix, gvk });
  }

  #operation(
    action: string,
    verb: string,
    description: string,
    at: ParameterOptions,
    rest: Schema,
    { inner = "", suffix = "", everywhere = false, gvk = this.#own }: {
      readonly inner?: string;
      readonly suffix?: string;
      readonly everywhere?: boolean;
      readonly gvk?: GroupVersionKind;
    } = {},
  ): Operation {
    const scope = at.namespaced ? "Namespaced" : "";
    const { requestBody, ...after } = rest as { requestBody?: Schema };
    return {
      tags: [groupIdentifier(this.group, this.version, "_")],
      description,
      operationId: verb + groupIdentifier(this.group, this.version, "") + inner + scope + this.kind.kind + suffix +
        (everywhere ? "ForAllNamespaces" : ""),
      parameters: parametersOf(action, at),
      ...requestBody === undefined ? {} : { requestBody },
      ...after,
      "x-kubernetes-action": action,
      "x-kubernetes-group-version-kind": { group: gvk.group, version: gvk.version, kind: gvk.kind },
    };
  }

  /** What all operations of a path take stands beside them. */
  #add(path: string, operations: Operations) {
    const methods = Object.values(operations);
    if (methods.length === 0) return;
    const key = (parameter: Schema) => JSON.stringify(parameter);
    const shared = new Set(methods[0].parameters.map(key));
    for (const { parameters } of methods) {
      const own = new Set(parameters.map(key));
      for (const parameter of shared) if (!own.has(parameter)) shared.delete(parameter);
    }
    const item: Record<string, unknown> = {};
    for (const [method, { parameters, ...operation }] of Object.entries(operations)) {
      const own = parameters.filter((parameter) => !shared.has(key(parameter)));
      const { tags, description, operationId, ...rest } = operation;
      item[method] = { tags, description, operationId, ...own.length > 0 ? { parameters: own } : {}, ...rest };
    }
    const common = methods[0].parameters.filter((parameter) => shared.has(key(parameter)));
    if (common.length > 0) item.parameters = common;
    this.paths.set(path, item);
  }

  #listed(): Schema {
    const { list } = this.names;
    return { responses: this.#responses(list, ["200"], this.#verbs.has("list") && !isCustom(this.kind)) };
  }

  #responses(type: string, codes: readonly string[], streams = false): Schema {
    const types = streams ? [...this.#types, ...STREAMS].sort() : this.#types;
    const answered = codes.map((code) => [code, {
      description: DESCRIPTIONS[code],
      content: content({ $ref: reference(type) }, types),
    }]);
    return { ...Object.fromEntries(answered), ...UNAUTHORIZED };
  }

  #resource(namespaced: boolean, prefix = ""): string {
    return `${this.#root}${prefix}${namespaced ? "/namespaces/{namespace}" : ""}/${this.kind.plural}`;
  }

  #sameAs({ group, version, kind }: GroupVersionKind): boolean {
    return group === this.group && version === this.version && kind === this.kind.kind;
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = { "200": "OK", "201": "Created", "202": "Accepted" };
const UNAUTHORIZED: Schema = { "401": { description: "Unauthorized" } };

function content(schema: Schema, types: readonly string[]): Schema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function body(type: string, required = true): Schema {
  return {
    requestBody: { content: content({ $ref: reference(type) }, ["*/*"]), ...required ? { required: true } : {} },
  };
}

/** "a Pod", "an Ingress"; plurals have none: "Endpoints". */
function withArticle(kind: string): string {
  if (/[^s]s$/.test(kind)) return kind;
  return `${/^[AEIOU]/i.test(kind) ? "an" : "a"} ${kind}`;
}

/**
 * "rbac.authorization.k8s.io", "v1" → "rbacAuthorization_v1" for a tag, "RbacAuthorizationV1" within an operation's id.
 * Groups outside of Kubernetes are turned around: "example.com" → "comExample".
 */
export function groupIdentifier(group: string, version: string, separator: "_" | ""): string {
  const own = group === "" ? ["core"] : group.replace(/\.k8s\.io$/, "").split(".");
  const isKubernetes = group.endsWith(".k8s.io") || !group.includes(".");
  const words = (isKubernetes ? own : own.reverse()).map((word) => word.replace(/[^a-zA-Z0-9]/g, ""));
  const capital = (word: string) => word === "" ? "" : word[0].toUpperCase() + word.slice(1);
  const joined = words.map((word, i) => i === 0 && separator === "_" ? word : capital(word)).join("");
  return separator === "_" ? `${joined}_${version}` : joined + capital(version);
}
