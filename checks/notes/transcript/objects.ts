/** Compares objects that a note shows as YAML or JSON with the ones that kubectl printed. */
import { ContentError } from "../../content_error.ts";
import { isMap } from "../../shape.ts";
import { type Path, readYaml } from "../../yaml.ts";
import type { Finding } from "../finding.ts";
import type { CodeLine } from "../markdown.ts";
import { type NoteDocument, readYamlBlock } from "../yaml_documents.ts";
import { canonical, isPassing, stem } from "./same.ts";
import { leadsTo } from "./shown.ts";

/** Paths, without indices, that differ between clusters and runs, with all that stands below them. */
const OF_THE_RUN: readonly RegExp[] = [
  /^metadata\.(uid|resourceVersion|creationTimestamp|deletionTimestamp|generation|managedFields|selfLink|annotations)\b/,
  /^metadata\.(ownerReferences|finalizers|generateName|deletionGracePeriodSeconds)\b/,
  /^spec\.(nodeName|clusterIPs?|ipFamil|volumes|tolerations|volumeName|claimRef|finalizers|providerID|podCIDR)/,
  /\.(nodePort|volumeMounts|healthCheckNodePort|lastTransitionTime)\b/,
  /^status\.(?!phase$)/,
  // A kubeconfig's clusters, users and contexts are everybody's own.
  /^(clusters|users|current-context|preferences)\b|^contexts\.(name|context\.(cluster|user))$/,
];

/** Fields by which items of lists are told apart. */
const NAMES = ["name", "key", "type", "containerPort", "port", "topologyKey", "mountPath", "ip", "devicePath"];

/** Fields that hold whatever names their writer likes: what is not there was never made. */
const FREE = /(^|\.)(labels|data|stringData|matchLabels|nodeSelector|selector|parameters)$/;

const DRAWN_LABEL = /pod-template-hash|controller-revision-hash|controller-uid|pod-template-generation/;

/** Characters of output beyond which it is data. */
const LARGEST = 200_000;

type Fields = Readonly<Record<string, unknown>>;

/** Nothing where either is no object, or where the object shown is still on its way. */
export function objectFindings(shown: readonly CodeLine[], stdout: string): Finding[] {
  if (stdout.length > LARGEST || shown.reduce((sum, { text }) => sum + text.length, 0) > LARGEST) return [];
  const { documents, problems } = readYamlBlock(shown);
  const [document] = documents;
  const real = readReal(stdout);
  if (document === undefined || problems.length > 0 || !isMap(document.value) || !isMap(real)) return [];
  const fields = document.value;
  if (!["kind", "metadata", "spec", "contexts"].some((name) => name in fields)) return [];
  return compare(document, document.value, real, []);
}

function readReal(stdout: string): unknown {
  try {
    return readYaml(stdout, "")[0]?.value;
  } catch (error) {
    if (error instanceof ContentError) return undefined;
    throw error;
  }
}

function compare(document: NoteDocument, shown: unknown, real: unknown, path: Path): Finding[] {
  const name = path.filter((step) => typeof step === "string").join(".").replace(/^items\./, "");
  if (shown === null || shown === undefined || OF_THE_RUN.some((pattern) => pattern.test(name))) return [];
  if (isMap(shown) && isMap(real)) return compareFields(document, shown, real, path, name);
  if (Array.isArray(shown) && Array.isArray(real)) {
    return shown.flatMap((item, i) => {
      const at = counterpart(item, i, shown, real);
      return at === undefined ? [] : compare(document, item, real[at], [...path, i]);
    });
  }
  if (isMap(shown) || isMap(real) || Array.isArray(shown) || Array.isArray(real)) return [];
  if (canonical(String(shown)) === canonical(String(real))) return [];
  if (name === "status.phase" && [shown, real].some((phase) => isPassing(String(phase)))) return [];
  return [tell(document, path, name, String(shown), String(real))];
}

function compareFields(document: NoteDocument, shown: Fields, real: Fields, path: Path, name: string): Finding[] {
  // About another kind, nothing else is to be said.
  if (typeof shown.kind === "string" && typeof real.kind === "string" && shown.kind !== real.kind) {
    return [tell(document, [...path, "kind"], "kind", shown.kind, real.kind)];
  }
  return Object.entries(shown).flatMap(([field, value]) => {
    const below = [...path, field];
    if (field in real) return compare(document, value, real[field], below);
    if (name === "contexts.context" && field === "namespace") return compare(document, value, "default", below);
    const isMade = FREE.test(name) && !DRAWN_LABEL.test(field) && typeof value !== "object";
    return isMade ? [tell(document, below, `${name}.${field}`, String(value), "<none>", true)] : [];
  });
}

/** Which item of the real list an item of the shown one is about. */
function counterpart(
  item: unknown,
  i: number,
  shown: readonly unknown[],
  real: readonly unknown[],
): number | undefined {
  if (!isMap(item)) return shown.length === real.length ? i : undefined;
  const name = nameOf(item);
  const at = name === undefined ? -1 : real.findIndex((other) => isMap(other) && nameOf(other) === name);
  if (at >= 0) return at;
  return shown.length === real.length ? i : undefined;
}

function nameOf(item: Fields): string | undefined {
  if (isMap(item.metadata)) return stem(String(item.metadata.name));
  const field = NAMES.find((one) => one in item);
  return field === undefined ? undefined : stem(String(item[field]));
}

function tell(document: NoteDocument, path: Path, name: string, shown: string, real: string, atKey = false): Finding {
  const { line, column } = atKey ? document.locateKey(path) : document.locate(path);
  return leadsTo({ line, column, text: shown }, name, shown, real);
}
