/** Who may do what, asked in an expression. Source: `k8s.io/apiserver/pkg/cel/library/authz.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { dns1123Label, dns1123Subdomain } from "../../names.ts";
import { failure } from "./failure.ts";

/** What an expression asks; the requesting user does it unless a service account is said to. */
export interface AccessQuestion {
  readonly verb: string;
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  /** For what is no resource, "/healthz". */
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export type Decide = (question: AccessQuestion) => { readonly allowed: boolean; readonly reason: string };

type Asked = Partial<Omit<AccessQuestion, "verb">>;

/** The variable `authorizer`. */
export class CelAuthorizer {
  readonly requestResource: ResourceCheck;

  constructor(readonly decide: Decide, readonly request: Asked, readonly asked: Asked = {}) {
    this.requestResource = new ResourceCheck(decide, { ...asked, ...request });
  }
}

class PathCheck {
  constructor(readonly decide: Decide, readonly asked: Asked) {}
}
class GroupCheck {
  constructor(readonly decide: Decide, readonly asked: Asked) {}
}
class ResourceCheck {
  constructor(readonly decide: Decide, readonly asked: Asked) {}
}
class Decision {
  constructor(readonly allowed: boolean, readonly reason: string) {}
}

function check({ decide, asked }: PathCheck | ResourceCheck, verb: string): Decision {
  const { allowed, reason } = decide({
    group: "",
    resource: "",
    subresource: "",
    namespace: "",
    name: "",
    ...asked,
    verb,
  });
  return new Decision(allowed, reason);
}

const AUTHORIZER = "kubernetes.authorization.Authorizer";
const PATH = "kubernetes.authorization.PathCheck";
const GROUP = "kubernetes.authorization.GroupCheck";
const RESOURCE = "kubernetes.authorization.ResourceCheck";
const DECISION = "kubernetes.authorization.Decision";

export function registerAuthorizer(environment: Environment): void {
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  environment.registerType(DECISION, Decision);
  environment.registerType(PATH, PathCheck);
  environment.registerType(GROUP, GroupCheck);
  environment.registerType(RESOURCE, ResourceCheck);
  environment.registerType(AUTHORIZER, { ctor: CelAuthorizer, fields: { requestResource: RESOURCE } } as never);
  define(`${AUTHORIZER}.path(string): ${PATH}`, ({ decide, asked }: CelAuthorizer, path: string) => {
    if (path === "") throw failure("path must not be empty");
    return new PathCheck(decide, { ...asked, path });
  });
  define(
    `${AUTHORIZER}.group(string): ${GROUP}`,
    ({ decide, asked }: CelAuthorizer, group: string) => new GroupCheck(decide, { ...asked, group }),
  );
  define(`${AUTHORIZER}.serviceAccount(string, string): ${AUTHORIZER}`, (
    { decide, request }: CelAuthorizer,
    namespace: string,
    name: string,
  ) => {
    if (dns1123Subdomain(name).length > 0) throw failure("Invalid service account name");
    if (dns1123Label(namespace).length > 0) throw failure("Invalid service account namespace");
    return new CelAuthorizer(decide, request, { serviceAccount: { namespace, name } });
  });
  define(
    `${GROUP}.resource(string): ${RESOURCE}`,
    ({ decide, asked }: GroupCheck, resource: string) => new ResourceCheck(decide, { ...asked, resource }),
  );
  for (const field of ["subresource", "namespace", "name"] as const) {
    define(
      `${RESOURCE}.${field}(string): ${RESOURCE}`,
      ({ decide, asked }: ResourceCheck, value: string) => new ResourceCheck(decide, { ...asked, [field]: value }),
    );
  }
  // Rules of RBAC do not look at selectors.
  for (const field of ["fieldSelector", "labelSelector"]) {
    define(`${RESOURCE}.${field}(string): ${RESOURCE}`, (check: ResourceCheck) => check);
  }
  define(`${RESOURCE}.check(string): ${DECISION}`, check);
  define(`${PATH}.check(string): ${DECISION}`, check);
  define(`${DECISION}.allowed(): bool`, ({ allowed }: Decision) => allowed);
  define(`${DECISION}.reason(): string`, ({ reason }: Decision) => reason);
  define(`${DECISION}.errored(): bool`, () => false);
  define(`${DECISION}.error(): string`, () => "");
}
