/**
 * The definitions of the Gateway API, of its standard channel what the controller here serves: GatewayClass, Gateway,
 * HTTPRoute and ReferenceGrant.
 *
 * Source of fields, limits and rules: https://gateway-api.sigs.k8s.io/reference/spec/
 */
import { GATEWAY_TEXTS } from "./gateway_texts.ts";
import type { AddonObject } from "./addon.ts";
import {
  conditions,
  described,
  type Fields,
  group,
  hostname,
  integer,
  kind,
  list,
  listByKey,
  map,
  name,
  namespace,
  object,
  oneOf,
  port,
  required,
  rules,
  type Schema,
  sectionName,
  SUBDOMAIN,
  text,
  withDefault,
} from "./schema.ts";

const GROUP = "gateway.networking.k8s.io";
const SPEC_VERSION = "v1.4.1";

const domainPrefixed = text(1, 253, `${SUBDOMAIN.slice(0, -1)}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`);
const labels = map(8, text(0, 63, "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$"));
const labelSelector = object({
  matchLabels: { type: "object", additionalProperties: { type: "string" } },
  matchExpressions: {
    type: "array",
    "x-kubernetes-list-type": "atomic",
    items: object({
      key: required({ type: "string" }),
      operator: required({ type: "string" }),
      values: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "atomic" },
    }),
  },
}, { "x-kubernetes-map-type": "atomic" });
const routeKind = object({ group: withDefault(group, GROUP), kind: required(kind) });

/** A reference to an object of a kind that is usual here. */
const reference = (usualGroup: string, usualKind: string, more: Fields = {}) => ({
  group: withDefault(group, usualGroup),
  kind: withDefault(kind, usualKind),
  name: required(name),
  namespace,
  ...more,
});

const gatewayClass = {
  spec: object({
    controllerName: required({ ...domainPrefixed, ...rules(["Value is immutable", "self == oldSelf"]) }),
    description: text(0, 64),
    parametersRef: object({ group: required(group), kind: required(kind), name: required(name), namespace }),
  }),
  status: withDefault(
    object({
      conditions: conditions(["Accepted"]),
      supportedFeatures: listByKey("name", object({ name: required({ type: "string" }) }), 64),
    }),
    { conditions: conditions(["Accepted"]).default },
  ),
};

const listener = object({
  name: required(sectionName),
  hostname,
  port: required(port),
  protocol: required(
    text(1, 255, `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${SUBDOMAIN.slice(1, -1)}\\/[A-Za-z0-9]+$`),
  ),
  tls: object(
    {
      mode: withDefault(oneOf("Terminate", "Passthrough"), "Terminate"),
      certificateRefs: list(object(reference("", "Secret")), 64),
      options: map(16, text(0, 4096)),
    },
    rules([
      "certificateRefs or options must be specified when mode is Terminate",
      "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
    ]),
  ),
  allowedRoutes: withDefault(
    object({
      namespaces: withDefault(
        object({ from: withDefault(oneOf("All", "Selector", "Same"), "Same"), selector: labelSelector }),
        { from: "Same" },
      ),
      kinds: list(routeKind, 8),
    }),
    { namespaces: { from: "Same" } },
  ),
});

const gateway = {
  spec: object({
    gatewayClassName: required(name),
    listeners: required(listByKey("name", listener, 64, {
      minItems: 1,
      ...rules(
        [
          "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
          "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
        ],
        [
          "tls mode must be Terminate for protocol HTTPS",
          "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
        ],
        [
          "hostname must not be specified for protocols ['TCP', 'UDP']",
          "self.all(l, l.protocol in ['TCP', 'UDP'] ? (!has(l.hostname) || l.hostname == '') : true)",
        ],
        ["Listener name must be unique within the Gateway", "self.all(l1, self.exists_one(l2, l1.name == l2.name))"],
        [
          "Combination of port, protocol and hostname must be unique for each listener",
          "self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && " +
          "(has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))",
        ],
      ),
    })),
    addresses: list(object({ type: withDefault(domainOrWord(), "IPAddress"), value: text(0, 253) }), 16),
    infrastructure: object({
      labels,
      annotations: map(8, text(0, 4096)),
      parametersRef: object({ group: required(group), kind: required(kind), name: required(name) }),
    }),
  }),
  status: withDefault(
    object({
      addresses: list(object({ type: withDefault(domainOrWord(), "IPAddress"), value: required(text(1, 253)) }), 16),
      conditions: conditions(["Accepted", "Programmed"]),
      listeners: listByKey(
        "name",
        object({
          name: required(sectionName),
          supportedKinds: list(routeKind, 8),
          attachedRoutes: required({ type: "integer", format: "int32" }),
          conditions: required(conditions()),
        }),
        64,
      ),
    }),
    { conditions: conditions(["Accepted", "Programmed"]).default },
  ),
};

/** "IPAddress", or a type of somebody's own. */
function domainOrWord(): Schema {
  return text(
    1,
    253,
    `^Hostname|IPAddress|NamedAddress|${SUBDOMAIN.slice(1, -1)}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`,
  );
}

const TOKEN = "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$";
const exactOrPattern = withDefault(oneOf("Exact", "RegularExpression"), "Exact");
const header = object({ name: required(text(1, 256, TOKEN)), value: required(text(1, 4096)) });
const headerModifier = object({
  set: listByKey("name", header, 16),
  add: listByKey("name", header, 16),
  remove: { type: "array", items: { type: "string" }, maxItems: 16, "x-kubernetes-list-type": "set" },
});
const pathModifier = object(
  {
    type: required(oneOf("ReplaceFullPath", "ReplacePrefixMatch")),
    replaceFullPath: text(0, 1024),
    replacePrefixMatch: text(0, 1024),
  },
  rules(
    ...(["ReplaceFullPath", "ReplacePrefixMatch"] as const).flatMap((type) => {
      const field = `r${type.slice(1)}`;
      return [
        [
          `${field} must be specified when type is set to '${type}'`,
          `self.type == '${type}' ? has(self.${field}) : true`,
        ],
        [`type must be '${type}' when ${field} is set`, `has(self.${field}) ? self.type == '${type}' : true`],
      ] as const;
    }),
  ),
);

const backendReference = (more: Fields = {}) =>
  object(
    reference("", "Service", { port, ...more }),
    rules([
      "Must have port for Service reference",
      "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
    ]),
  );

/** The filters by their type and the field that says more. */
const FILTERS: Readonly<Record<string, readonly [field: string, schema: Schema]>> = {
  RequestHeaderModifier: ["requestHeaderModifier", headerModifier],
  ResponseHeaderModifier: ["responseHeaderModifier", headerModifier],
  RequestMirror: [
    "requestMirror",
    object({
      backendRef: required(backendReference()),
      percent: integer(0, 100),
      fraction: object({
        numerator: required({ type: "integer", format: "int32", minimum: 0 }),
        denominator: { type: "integer", format: "int32", minimum: 1, default: 100 },
      }),
    }),
  ],
  RequestRedirect: [
    "requestRedirect",
    object({
      scheme: oneOf("http", "https"),
      hostname: text(1, 253, SUBDOMAIN),
      path: pathModifier,
      port,
      statusCode: { type: "integer", enum: [301, 302], default: 302 },
    }),
  ],
  URLRewrite: ["urlRewrite", object({ hostname: text(1, 253, SUBDOMAIN), path: pathModifier })],
  ExtensionRef: ["extensionRef", object({ group: required(group), kind: required(kind), name: required(name) })],
};

const filters = list(
  object(
    { type: required(oneOf(...Object.keys(FILTERS))), ...Object.fromEntries(Object.values(FILTERS)) },
    rules(
      ...Object.entries(FILTERS).flatMap(([type, [field]]) =>
        [
          [
            `filter.${field} must be nil if the filter.type is not ${type}`,
            `!(has(self.${field}) && self.type != '${type}')`,
          ],
          [
            `filter.${field} must be specified for ${type} filter.type`,
            `!(!has(self.${field}) && self.type == '${type}')`,
          ],
        ] as const
      ),
    ),
  ),
  16,
  rules(
    [
      "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
      "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
    ],
    ...(["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"] as const).map((type) =>
      [`${type} filter cannot be repeated`, `self.filter(f, f.type == '${type}').size() <= 1`] as const
    ),
  ),
);

const EVERY_PATH = { path: { type: "PathPrefix", value: "/" } };

const match = object({
  path: withDefault(
    object(
      {
        type: withDefault(oneOf("Exact", "PathPrefix", "RegularExpression"), "PathPrefix"),
        value: withDefault(text(0, 1024), "/"),
      },
      rules(
        [
          "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
          "(self.type in ['Exact', 'PathPrefix']) ? self.value.startsWith('/') : true",
        ],
        ...["//", "/./", "/../", "%2f", "%2F", "#"].map((part) =>
          [
            `must not contain '${part}' when type one of ['Exact', 'PathPrefix']`,
            `(self.type in ['Exact', 'PathPrefix']) ? !self.value.contains('${part}') : true`,
          ] as const
        ),
        ...["/..", "/."].map((part) =>
          [
            `must not end with '${part}' when type one of ['Exact', 'PathPrefix']`,
            `(self.type in ['Exact', 'PathPrefix']) ? !self.value.endsWith('${part}') : true`,
          ] as const
        ),
      ),
    ),
    EVERY_PATH.path,
  ),
  headers: listByKey(
    "name",
    object({ type: exactOrPattern, name: required(text(1, 256, TOKEN)), value: required(text(1, 4096)) }),
    16,
  ),
  queryParams: listByKey(
    "name",
    object({ type: exactOrPattern, name: required(text(1, 256, TOKEN)), value: required(text(1, 1024)) }),
    16,
  ),
  method: oneOf("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"),
});

const duration: Schema = { type: "string", pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" };

const rule = object(
  {
    name: sectionName,
    matches: withDefault(list(match, 64), [EVERY_PATH]),
    filters,
    backendRefs: list(backendReference({ weight: withDefault(integer(0, 1_000_000), 1), filters }), 16),
    timeouts: object({ request: duration, backendRequest: duration }),
  },
  rules([
    "RequestRedirect filter must not be used together with backendRefs",
    "(has(self.backendRefs) && size(self.backendRefs) > 0) ? " +
    "(!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true",
  ]),
);

const parentReference = object(reference(GROUP, "Gateway", { sectionName, port }));

const httpRoute = {
  spec: object({
    parentRefs: list(parentReference, 32),
    hostnames: list(hostname, 16),
    rules: withDefault(list(rule, 16, { minItems: 1 }), [{ matches: [EVERY_PATH] }]),
  }),
  status: object({
    parents: required(
      list(
        object({
          parentRef: required(parentReference),
          controllerName: required(domainPrefixed),
          conditions: required(conditions()),
        }),
        32,
      ),
    ),
  }),
};

const grantFrom = object({ group: required(group), kind: required(kind), namespace: required(namespace) });
const grantTo = object({ group: required(group), kind: required(kind), name });
const referenceGrant = {
  spec: object({
    from: required(list(grantFrom, 16, { minItems: 1 })),
    to: required(list(grantTo, 16, { minItems: 1 })),
  }),
};

interface Named {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: "Cluster" | "Namespaced";
  readonly versions: readonly string[];
  /** Name, path, and the priority of those that `-o wide` adds. */
  readonly columns: readonly (readonly [name: string, jsonPath: string, priority?: number])[];
}

function definition({ spec, status }: { readonly spec: Schema; readonly status?: Schema }, named: Named): AddonObject {
  const singular = named.kind.toLowerCase();
  const typeMeta = { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { type: "object" } };
  const columns = [...named.columns, ["Age", ".metadata.creationTimestamp"] as const];
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${named.plural}.${GROUP}`,
      annotations: {
        "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/3328",
        [`${GROUP}/bundle-version`]: SPEC_VERSION,
        [`${GROUP}/channel`]: "standard",
      },
    },
    spec: {
      group: GROUP,
      names: {
        categories: ["gateway-api"],
        kind: named.kind,
        listKind: `${named.kind}List`,
        plural: named.plural,
        shortNames: named.shortNames,
        singular,
      },
      scope: named.scope,
      versions: named.versions.map((version, i) => ({
        name: version,
        served: true,
        storage: i === 0,
        ...status === undefined ? {} : { subresources: { status: {} } },
        additionalPrinterColumns: columns.map(([name, jsonPath, priority]) => ({
          name,
          jsonPath,
          type: name === "Age" ? "date" : "string",
          ...priority === undefined ? {} : { priority },
        })),
        schema: {
          openAPIV3Schema: described(
            object({ ...typeMeta, spec: required(spec), ...status === undefined ? {} : { status } }),
            GATEWAY_TEXTS[named.kind],
          ),
        },
      })),
    },
  };
}

const status = (type: string) => `.status.conditions[?(@.type=="${type}")].status`;

export const gatewayDefinitions: readonly AddonObject[] = [
  definition(gatewayClass, {
    kind: "GatewayClass",
    plural: "gatewayclasses",
    shortNames: ["gc"],
    scope: "Cluster",
    versions: ["v1", "v1beta1"],
    columns: [["Controller", ".spec.controllerName"], ["Accepted", status("Accepted")], [
      "Description",
      ".spec.description",
      1,
    ]],
  }),
  definition(gateway, {
    kind: "Gateway",
    plural: "gateways",
    shortNames: ["gtw"],
    scope: "Namespaced",
    versions: ["v1", "v1beta1"],
    columns: [["Class", ".spec.gatewayClassName"], ["Address", ".status.addresses[*].value"], [
      "Programmed",
      status("Programmed"),
    ]],
  }),
  definition(httpRoute, {
    kind: "HTTPRoute",
    plural: "httproutes",
    shortNames: [],
    scope: "Namespaced",
    versions: ["v1", "v1beta1"],
    columns: [["Hostnames", ".spec.hostnames"]],
  }),
  definition(referenceGrant, {
    kind: "ReferenceGrant",
    plural: "referencegrants",
    shortNames: ["refgrant"],
    scope: "Namespaced",
    versions: ["v1", "v1beta1"],
    columns: [],
  }),
];
