/**
 * Which rules apply to somebody: through ClusterRoleBindings everywhere, through RoleBindings in a namespace.
 *
 * Source: `pkg/registry/rbac/validation/rule.go`.
 */
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import type { User } from "../user.ts";

/** A rule and the binding through which it came, for the reason of a decision. */
export interface FoundRule {
  readonly rule: PolicyRule;
  readonly source: string;
}

type Binding = ClusterRoleBinding | RoleBinding;

interface Bound {
  readonly binding: Binding;
  /** How a decision names it. */
  readonly source: string;
}

const GROUP = "rbac.authorization.k8s.io";

export class RuleResolver {
  /** "" holds the ClusterRoleBindings; each scope's bindings by subject ("User alice", "Group dev"). */
  readonly #bySubject = new Map<string, Map<string, Bound[]>>();

  constructor(readonly store: Store) {
    store.watch<ClusterRoleBinding>(`${GROUP}/clusterrolebindings`, () => this.#bySubject.delete(""));
    store.watch<RoleBinding>(
      `${GROUP}/rolebindings`,
      ({ entry }) => this.#bySubject.delete(entry.object.metadata.namespace!),
    );
  }

  /** The rules of somebody in a namespace ("" for the whole cluster), in the order in which Kubernetes visits them. */
  *rulesFor(user: User, namespace: string): Generator<FoundRule> {
    for (const scope of namespace === "" ? [""] : ["", namespace]) {
      const bySubject = this.#scope(scope);
      const seen = new Set<Binding>();
      for (const subject of [`User ${user.name}`, ...user.groups.map((group) => `Group ${group}`)]) {
        for (const bound of bySubject.get(subject) ?? []) {
          if (seen.has(bound.binding)) continue;
          seen.add(bound.binding);
          const rules = this.rulesOf(bound.binding.roleRef, scope) ?? [];
          if (rules.length === 0) continue;
          for (const rule of rules) yield { rule, source: bound.source };
        }
      }
    }
  }

  /** The rules of a role, or undefined when there is no such role. */
  rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const found = kind === "Role"
      ? this.store.get<Role>(`${GROUP}/roles`, `${namespace}/${name}`)
      : this.store.get<ClusterRole>(`${GROUP}/clusterroles`, name);
    return found === undefined ? undefined : found.object.rules ?? [];
  }

  #scope(scope: string): Map<string, Bound[]> {
    let bySubject = this.#bySubject.get(scope);
    if (bySubject !== undefined) return bySubject;
    bySubject = new Map();
    const entries = scope === ""
      ? this.store.list<Binding>(`${GROUP}/clusterrolebindings`)
      : this.store.list<Binding>(`${GROUP}/rolebindings`, `${scope}/`);
    for (const { object: binding } of entries) {
      for (const subject of binding.subjects ?? []) {
        const key = keyOf(subject, scope);
        if (key === undefined) continue;
        const bound = { binding, source: describe(binding, subject, scope) };
        const known = bySubject.get(key);
        if (known === undefined) bySubject.set(key, [bound]);
        else known.push(bound);
      }
    }
    this.#bySubject.set(scope, bySubject);
    return bySubject;
  }
}

function keyOf({ kind, name, namespace }: Subject, scope: string): string | undefined {
  if (kind !== "ServiceAccount") return `${kind} ${name}`;
  const home = namespace || scope;
  return home === "" ? undefined : `User system:serviceaccount:${home}:${name}`;
}

/** `RoleBinding "read/dev" of Role "reader" to User "alice"` */
function describe(binding: Binding, subject: Subject, scope: string): string {
  const { kind, name } = binding.roleRef;
  const who = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace || scope}` : subject.name;
  const what = scope === "" ? "ClusterRoleBinding" : "RoleBinding";
  const id = scope === "" ? binding.metadata.name! : `${binding.metadata.name}/${scope}`;
  return `${what} ${JSON.stringify(id)} of ${kind} ${JSON.stringify(name)} to ${subject.kind} ${JSON.stringify(who)}`;
}
