/** Who makes a request, as authentication found out. */
export interface User {
  /** "alice", "system:serviceaccount:default:default" */
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** What else is known: the scopes of a token, the pod that a token is bound to. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The group whose members may do everything, whatever the rules say. */
export const SYSTEM_MASTERS = "system:masters";

export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** A user that has been authenticated: all of them are in one group. */
export function authenticated(name: string, groups: readonly string[] = [], more: Partial<User> = {}): User {
  const all = groups.includes("system:authenticated") ? groups : [...groups, "system:authenticated"];
  return { ...more, name, groups: all };
}
