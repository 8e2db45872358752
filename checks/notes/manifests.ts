/**
 * Sends a note's manifests to a cluster of the note's own, in their order, and says what the server finds wrong, at the
 * place in the note.
 */
import { ApiError, type ApiObject, type Cluster, type KindName } from "../../cluster/cluster.ts";
import { isMap } from "../shape.ts";
import { explain, strictText } from "./refusals/explain.ts";
import { repaired, strictErrors } from "./refusals/unknown_field.ts";
import type { Finding } from "./finding.ts";
import type { NoteDocument } from "./yaml_documents.ts";
import { checkApiVersion } from "./kind_check.ts";
import { shapeOfKind } from "./schema_search.ts";

export interface ManifestResult {
  readonly findings: readonly Finding[];
  /** Whether a server has judged it. */
  readonly verified: boolean;
}

type Manifest = Readonly<Record<string, unknown>>;

/** Whether a document says what it is: an `apiVersion` and a `kind` with something in them. */
export function isManifest({ value }: NoteDocument): boolean {
  return isMap(value) && typeof value.kind === "string" && value.kind !== "";
}

/** Whether a document only shows the fields that every manifest has, with nothing in them. */
export function isOutline({ value }: NoteDocument): boolean {
  return isMap(value) && "kind" in value && Object.values(value).every((field) => field === null || field === "");
}

export interface ManifestContext {
  /** The Kubernetes version that the note is about; the newest unless said. */
  readonly version?: string | undefined;
  /** Where objects go that do not say their namespace. */
  readonly namespace: string;
}

/** Makes one manifest in the cluster, or every item of a List. */
export async function checkManifest(
  cluster: Cluster,
  document: NoteDocument,
  context: ManifestContext,
): Promise<ManifestResult> {
  const value = document.value as Manifest;
  if (value.kind === "List" && Array.isArray(value.items)) {
    return await checkList(cluster, document, value.items, context);
  }
  const version = checkApiVersion(document, context.version);
  if (version !== undefined) return { findings: [version], verified: false };
  if (isBeyondNames(value.metadata)) return { findings: [], verified: false };
  // Configuration files of kubeadm, the kubelet or Kustomize say a kind too, and are no objects of a cluster.
  const isObject = isMap(value.metadata) || shapeOfKind(String(value.apiVersion), String(value.kind)) !== undefined;
  if (!isObject) return { findings: [], verified: false };
  const error = await send(cluster, withNames(value), context.namespace);
  if (error === undefined) return { findings: [], verified: true };
  // A custom resource whose definition the note does not give cannot be judged.
  if (error.code === 404 && /no kind|no matches|not served/i.test(error.message)) {
    return { findings: [], verified: false };
  }
  return {
    findings: [...explain(error, document), ...await judgeRest(cluster, error, document, context)],
    verified: true,
  };
}

/** With its misplaced fields where they belong, what else is wrong with a manifest; nothing where they belong nowhere. */
async function judgeRest(
  cluster: Cluster,
  error: ApiError,
  document: NoteDocument,
  { namespace }: ManifestContext,
): Promise<readonly Finding[]> {
  const { findings, repairs } = strictErrors(strictText(error) ?? "", document);
  if (repairs.length === 0 || repairs.length < findings.length) return [];
  const rest = repaired(document, repairs);
  const second = rest === undefined ? undefined : await send(cluster, withNames(rest.value as Manifest), namespace);
  return rest === undefined || second === undefined || second.code === 404 ? [] : explain(second, rest);
}

async function checkList(
  cluster: Cluster,
  document: NoteDocument,
  items: readonly unknown[],
  context: ManifestContext,
): Promise<ManifestResult> {
  const results: ManifestResult[] = [];
  for (const [i, value] of items.entries()) {
    const locate = (path: readonly (string | number)[]) => document.locate(["items", i, ...path]);
    const locateKey = (path: readonly (string | number)[]) => document.locateKey(["items", i, ...path]);
    results.push(await checkManifest(cluster, { ...document, value, locate, locateKey }, context));
  }
  return { findings: results.flatMap(({ findings }) => findings), verified: results.every(({ verified }) => verified) };
}

/** Names become parts of URLs; what is far longer than any name may be is not even sent. */
function isBeyondNames(metadata: unknown): boolean {
  return isMap(metadata) &&
    [metadata.name, metadata.namespace].some((name) => String(name ?? "").length > LONGEST_NAME);
}

const LONGEST_NAME = 1000;

/** A manifest as it is sent: names that are placeholders become some name. */
function withNames(value: Manifest): ApiObject {
  const metadata = isMap(value.metadata) ? { ...value.metadata } : value.metadata ?? {};
  if (isMap(metadata)) {
    for (const field of ["name", "namespace"] as const) {
      const text = metadata[field];
      if (typeof text === "string" && /^<[^<>]+>$|^x+$|^\$\{?\w+\}?$/.test(text)) {
        (metadata as Record<string, unknown>)[field] = `some-${field}`;
      }
    }
  }
  return { ...value, metadata } as unknown as ApiObject;
}

async function send(cluster: Cluster, manifest: ApiObject, current: string): Promise<ApiError | undefined> {
  const placed = await withNamespace(cluster, manifest, current);
  const error = await create(cluster, placed);
  const namespace = /^namespaces "([^"]+)" not found$/.exec(error?.message ?? "")?.[1];
  if (namespace !== undefined) {
    // The note is about something else than where it happens.
    await cluster.objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    return await create(cluster, placed);
  }
  if (error === undefined || !isInTheWay(error)) return error;
  const { apiVersion, kind, metadata } = placed;
  return await makeRoom(cluster, metadata, { apiVersion, kind }) ? await create(cluster, placed) : error;
}

async function create({ objects }: Cluster, manifest: ApiObject): Promise<ApiError | undefined> {
  try {
    await (manifest.kind === "Namespace" ? objects.apply(manifest) : objects.create(manifest));
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** Whether what the note has made before may be why: its name, its port or its quota are taken. */
const isInTheWay = ({ code, message }: ApiError): boolean =>
  code === 409 || code === 403 || /already allocated/.test(message);

/**
 * Notes show the same object again and again, a bit more of it each time: the one before goes.
 *
 * @returns whether there was one
 */
export async function makeRoom(cluster: Cluster, metadata: unknown, kind: KindName): Promise<boolean> {
  if (!isMap(metadata)) return false;
  const { name, namespace } = metadata;
  if (typeof name !== "string" || name === "" || isBeyondNames(metadata)) return false;
  // A namespace takes all that is in it along.
  if (typeof kind.apiVersion !== "string" || kind.kind === "Namespace") return false;
  const ref = { ...kind, name, ...typeof namespace === "string" ? { namespace } : {} };
  if (!await cluster.objects.delete(ref, { gracePeriodSeconds: 0 })) return false;
  for (let i = 0; i < MOST_LOOKS && await cluster.objects.get(ref) !== undefined; i++) await cluster.pass(500);
  return true;
}

/** Looks until what is deleted with finalizers is given up. */
const MOST_LOOKS = 6;

async function withNamespace({ objects }: Cluster, manifest: ApiObject, namespace: string): Promise<ApiObject> {
  if (!isMap(manifest.metadata) || manifest.metadata.namespace !== undefined) return manifest;
  const namespaced = await objects.namespaced({ apiVersion: String(manifest.apiVersion), kind: manifest.kind });
  return namespaced ? { ...manifest, metadata: { ...manifest.metadata, namespace } } : manifest;
}
