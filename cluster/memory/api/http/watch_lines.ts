/** The lines of a watch, in the representation that its client takes. */
import type { Clock } from "../../clock.ts";
import type { KubeObject } from "../../kinds/object.ts";
import { normalize } from "../decode/mod.ts";
import { inVersion, type Served } from "../registry/served.ts";
import { encodeEvent, encodeObject, eventLine } from "./encoding.ts";
import type { Sink } from "./message.ts";
import type { Accepted } from "./negotiation.ts";
import { encodeBookmarkTable, encodeMetadata, encodeTable, includeObject } from "./table.ts";

export interface Lines {
  event(type: string, object: KubeObject): void;
  /** Tells where the watch is. */
  bookmark(revision: number, annotations?: Readonly<Record<string, string>>): void;
}

/** @throws {StatusError} 400 for options that a table does not have */
export function watchLines(
  clock: Clock,
  served: Served,
  { as }: Accepted,
  query: URLSearchParams,
): (sink: Sink) => Lines {
  if (as?.kind === "Table") {
    const include = includeObject(query);
    return (sink) => tableLines(sink, clock, served, { version: as.version, include });
  }
  return (sink) => as === undefined ? objectLines(sink, served) : metadataLines(sink, served, as.version);
}

function objectLines(sink: Sink, served: Served): Lines {
  const encode = (object: KubeObject) => encodeObject(inVersion(served, object));
  return {
    event: (type, object) => sink.write(encodeEvent(type, object, served.apiVersion, encode)),
    bookmark: (...where) => sink.write(eventLine("BOOKMARK", encodeObject(bookmark(served, ...where)))),
  };
}

function metadataLines(sink: Sink, served: Served, version: string): Lines {
  const encode = (object: KubeObject) => encodeMetadata(object, version);
  return {
    event: (type, object) => sink.write(encodeEvent(type, object, `metadata ${version}`, encode)),
    bookmark: (...where) => sink.write(eventLine("BOOKMARK", encode(bookmark(served, ...where)))),
  };
}

/** Ages are of now, and only the first line describes the columns: no line is that of another watch. */
function tableLines(
  sink: Sink,
  clock: Clock,
  served: Served,
  base: { readonly version: string; readonly include: ReturnType<typeof includeObject> },
): Lines {
  let headers = true;
  const options = () => {
    const first = headers;
    headers = false;
    return { ...base, now: clock.now(), headers: first };
  };
  return {
    event(type, object) {
      const { resourceVersion } = object.metadata;
      const shown = inVersion(served, object);
      sink.write(eventLine(type, encodeTable(served, { resourceVersion }, [shown], options())));
    },
    bookmark: (...where) =>
      sink.write(eventLine("BOOKMARK", encodeBookmarkTable(served, bookmark(served, ...where), options()))),
  };
}

/** An object of the kind with nothing in it but where the watch is. */
function bookmark(
  { kind, apiVersion, shape }: Served,
  revision: number,
  annotations?: Readonly<Record<string, string>>,
): KubeObject {
  const metadata = { resourceVersion: String(revision), ...annotations === undefined ? {} : { annotations } };
  return normalize({ kind: kind.kind, apiVersion, metadata }, shape);
}
