/**
 * What the registry answered, in the representation that the client takes.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/response.go`.
 */
import type { KubeObject } from "../../kinds/object.ts";
import type { Status } from "../../kinds/schema/types.ts";
import { shapeOf, type StructShape, typeNames } from "../../kinds/schema/shape.ts";
import { encodeProtobuf, hasProtobuf, PROTOBUF } from "../protobuf/mod.ts";
import type { List } from "../registry/get.ts";
import { inVersion, type Served } from "../registry/served.ts";
import { failure } from "../status.ts";
import { encodeList, encodeObject, type ListMeta } from "./encoding.ts";
import type { ApiResponse } from "./message.ts";
import type { Accepted } from "./negotiation.ts";
import { encodeMetadata, encodeMetadataList, encodeTable, includeObject } from "./table.ts";

export interface Representation {
  readonly accepted: Accepted;
  readonly query: URLSearchParams;
  readonly now: number;
}

/** One object, or a Status. */
export async function representObject(
  status: number,
  served: Served,
  object: KubeObject | Status,
  { accepted, query, now }: Representation,
): Promise<ApiResponse> {
  const { as } = accepted;
  if (as === undefined || object.kind === "Status") {
    const shape = object.kind === "Status" ? shapeOf("meta.v1.Status") : served.shape;
    return await send(status, accepted, encoded(object), shape);
  }
  const one = object as KubeObject;
  const { resourceVersion } = one.metadata;
  switch (as.kind) {
    case "Table": {
      const options = { version: as.version, include: includeObject(query), now, headers: true };
      return await send(status, accepted, encodeTable(served, { resourceVersion }, [one], options));
    }
    case "PartialObjectMetadata":
      return await send(status, accepted, encodeMetadata(one, as.version));
    case "PartialObjectMetadataList":
      throw notAcceptable(
        `you requested PartialObjectMetadataList, but the requested object is not a list (*${goType(served)})`,
      );
  }
}

/** Objects with what they say first; anything else as it is. */
const encoded = (object: KubeObject | Status) =>
  object.kind === "Status" ? JSON.stringify(object) : encodeObject(object as KubeObject);

export async function representList(
  served: Served,
  list: List,
  { accepted, query, now }: Representation,
): Promise<ApiResponse> {
  const { apiVersion, shape } = served;
  const metadata: ListMeta = {
    resourceVersion: list.resourceVersion,
    ...list.continue === "" ? {} : { continue: list.continue },
    ...list.remainingItemCount === undefined ? {} : { remainingItemCount: list.remainingItemCount },
  };
  const objects = served.conversion === undefined
    ? list.objects
    : list.objects.map((object) => inVersion(served, object));
  switch (accepted.as?.kind) {
    case "Table": {
      const options = { version: accepted.as.version, include: includeObject(query), now, headers: true };
      return await send(200, accepted, encodeTable(served, metadata, objects, options));
    }
    case "PartialObjectMetadataList":
      return await send(200, accepted, encodeMetadataList(metadata, objects, accepted.as.version));
    case "PartialObjectMetadata":
      throw notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (*${goType(served)}List)`,
      );
    default: {
      const isCustom = shape.name === "";
      // A list of custom resources says that nothing follows, too.
      const listMeta = isCustom ? { ...metadata, continue: list.continue } : metadata;
      const text = encodeList(`${served.kind.kind}List`, apiVersion, listMeta, objects, isCustom);
      return await send(200, accepted, text, listShape(served));
    }
  }
}

/** The internal type that Go's messages name. */
const goType = ({ kind }: Served) => `${(kind.group.split(".")[0]) || "core"}.${kind.kind}`;

const notAcceptable = (message: string) => failure(406, "NotAcceptable", message);

/** Sends an encoded object in the media type that was agreed on. */
async function send(
  status: number,
  { mediaType, pretty }: Accepted,
  text: string,
  type?: StructShape,
): Promise<ApiResponse> {
  if (mediaType === "application/yaml") {
    const { stringify } = await import("yaml");
    const body = stringify(JSON.parse(text), { lineWidth: 0, indentSeq: false, sortMapEntries: true, version: "1.1" });
    return { status, headers: { "Content-Type": "application/yaml" }, body };
  }
  if (mediaType === PROTOBUF && type !== undefined && hasProtobuf(type)) {
    return { status, headers: { "Content-Type": mediaType }, body: encodeProtobuf(JSON.parse(text), type) };
  }
  const body = pretty ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return { status, headers: { "Content-Type": "application/json" }, body: `${body}\n` };
}

/** The type of a built-in kind's lists. */
function listShape({ kind, conversion }: Served): StructShape | undefined {
  const name = `${(conversion ?? kind).type}List`;
  return typeNames.includes(name) ? shapeOf(name) : undefined;
}
