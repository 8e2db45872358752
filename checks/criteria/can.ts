/** `can`: whether somebody may do something, as `kubectl auth can-i --as` asks: by a SubjectAccessReview. */
import { boolean, complain, fields, inside, list, optional, string } from "../shape.ts";
import type { CriterionType, Scope, Target } from "./criterion.ts";

const OWN_FIELDS = {
  can: fields({
    user: optional(string()),
    groups: optional(list(string())),
    /** A name in the namespace, or NAMESPACE:NAME. */
    serviceAccount: optional(string()),
    verb: string(),
    /** "pods", "deployments.apps", "pods/log". */
    resource: string(
      /^[a-z0-9]+(\.[a-z0-9.-]+)?(\/[a-z]+)?$|^\*$/,
      "a resource such as pods, deployments.apps or pods/log",
      "pods, deployments.apps, pods/log 같은 리소스",
    ),
    name: optional(string()),
    namespace: optional(string()),
    /** In all namespaces, or of a resource that lives in none. */
    clusterWide: optional(boolean),
    /** true unless said. */
    allowed: optional(boolean),
  }),
};

interface Review {
  readonly status?: { readonly allowed?: boolean };
}

export const can: CriterionType = {
  keyword: "can",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { user, groups, serviceAccount, verb, resource, name, namespace, clusterWide, allowed = true } = reading.can;
    const who = user ?? serviceAccount ?? groups?.join(", ");
    if (who === undefined || (user !== undefined && serviceAccount !== undefined)) {
      return complain(inside(place, "can"), {
        en: "needs one of user and serviceAccount (or groups)",
        ko: "user와 serviceAccount 중 하나(또는 groups)가 있어야 합니다",
      });
    }
    const account = serviceAccount === undefined ? undefined : accountTarget(serviceAccount);
    const [typed, subresource] = resource.split("/");
    const [plural, ...group] = typed.split(".");
    const asked = clusterWide ? "" : namespace;
    return {
      targets: [account ?? { apiVersion: "rbac.authorization.k8s.io/v1", kind: "User", ...user ? { name: user } : {} }],
      async evaluate(scope) {
        const review = await scope.objects.create({
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          metadata: { name: "" },
          spec: {
            ...account === undefined
              ? { ...user === undefined ? {} : { user }, groups: [...groups ?? [], "system:authenticated"] }
              : accountSubject(account, scope),
            resourceAttributes: {
              verb,
              resource: plural,
              group: group.join("."),
              namespace: asked ?? scope.namespace,
              ...subresource === undefined ? {} : { subresource },
              ...name === undefined ? {} : { name },
            },
          },
        }) as unknown as Review;
        if ((review.status?.allowed ?? false) === allowed) return [];
        const what = `${verb} ${resource}${name === undefined ? "" : `/${name}`}`;
        return [{
          subject: account === undefined ? who : `ServiceAccount ${account.name}`,
          note: allowed
            ? { en: `may not ${what}, but should`, ko: `${what} 권한이 없습니다. 있어야 합니다` }
            : { en: `may ${what}, but should not`, ko: `${what} 권한이 있습니다. 없어야 합니다` },
        }];
      },
    };
  },
};

function accountTarget(written: string): Target & { readonly name: string } {
  const [first, second] = written.split(":");
  const kind = { apiVersion: "v1", kind: "ServiceAccount" };
  return second === undefined ? { ...kind, name: first } : { ...kind, name: second, namespace: first };
}

/** As whom a service account's token is authenticated. Source: kubernetes.io/docs/reference/access-authn-authz */
function accountSubject({ name, namespace: own }: Target, { namespace: here }: Scope) {
  const namespace = own ?? here;
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}
