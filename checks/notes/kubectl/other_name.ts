/** Whether a command names an object nearly as the note has called it: `myapp-web` after `myap-web` was made. */
import type { Cluster } from "../../../cluster/cluster.ts";
import { nearest } from "../../nearest.ts";
import { apiVersionsOf } from "../schema_search.ts";

export interface OtherName {
  /** As the command has it. */
  readonly name: string;
  /** As the note has made it. */
  readonly made: string;
}

/** `deployments.apps "web" not found` */
const NOT_FOUND = /\b([a-z]+)(?:\.[a-z0-9.]+)? "([a-z0-9.-]+)" not found/;

/**
 * @param stderr what kubectl says
 * @param kinds the kinds of the words that name resources
 */
export async function otherName(
  stderr: string,
  { objects }: Cluster,
  namespace: string,
  kinds: ReadonlyMap<string, string>,
): Promise<OtherName | undefined> {
  const [, resource, name] = NOT_FOUND.exec(stderr) ?? [];
  const kind = kinds.get(resource ?? "");
  // Nodes and namespaces are the cluster's; everybody has others.
  if (kind === undefined || name.length < 4 || kind === "Node" || kind === "Namespace") return undefined;
  const [apiVersion] = apiVersionsOf(kind);
  const names = (await objects.list({ apiVersion, kind, namespace })).map(({ metadata }) => metadata.name);
  const made = nearest(name, names.filter((one) => isSlip(one, name)));
  return made === undefined ? undefined : { name, made };
}

/** One letter more, less or another; `web1` and `web2` are two things. */
function isSlip(made: string, name: string): boolean {
  const letters = (text: string) => text.replace(/\d/g, "");
  return Math.abs(made.length - name.length) <= 1 && letters(made) !== letters(name);
}
