/** Which document a request gets, encoded once for all. */
import { createHash } from "node:crypto";
import type { Kind } from "../../kinds/kind.ts";
import { aggregatedDocument, type AggregatedVersion } from "./aggregated.ts";
import { groupsOf } from "./groups.ts";
import { apiVersionsDocument, groupDocument, groupListDocument, resourceListDocument } from "./legacy.ts";

/** A document, ready to be sent. */
export interface DiscoveryDocument {
  readonly contentType: string;
  /** JSON */
  readonly body: string;
  /** With its quotes; where it is set, answers carry `Vary: Accept` and `Cache-Control: public`. */
  readonly etag?: string;
}

export interface Discovery {
  /**
   * The document at `path` ("/api", "/apis/apps/v1"; a slash at the end does not matter) in the form that `accept`
   * asks for, or undefined when nothing is served there.
   */
  at(path: string, accept: string): DiscoveryDocument | undefined;
}

export interface DiscoveryOptions {
  /** "127.0.0.1:6443" */
  readonly serverAddress: string;
}

/** Discovery of a list of kinds. When the list changes, make it anew: documents are made when they are asked for. */
export function discovery(kinds: readonly Kind[], { serverAddress }: DiscoveryOptions): Discovery {
  let groups: ReturnType<typeof groupsOf> | undefined;
  const made = new Map<string, DiscoveryDocument | undefined>();

  const legacy = (parts: readonly string[]): object | undefined => {
    groups ??= groupsOf(kinds);
    const [root, name, ...rest] = parts;
    if (root === "api") {
      if (name === undefined) return apiVersionsDocument(serverAddress);
      return rest.length === 0 ? versionOf("", name) : undefined;
    }
    if (root !== "apis" || rest.length > 1) return undefined;
    if (name === undefined) return groupListDocument(groups.filter((group) => group.name !== ""));
    const group = groups.find((group) => group.name === name);
    if (group === undefined || name === "") return undefined;
    return rest.length === 0 ? groupDocument(group) : versionOf(name, rest[0]);
  };
  const versionOf = (name: string, version: string): object | undefined => {
    const found = groups!.find((group) => group.name === name)?.versions.find((item) => item.version === version);
    return found && resourceListDocument(name, found);
  };
  const aggregated = (core: boolean, version: AggregatedVersion): DiscoveryDocument => {
    groups ??= groupsOf(kinds);
    const body = JSON.stringify(aggregatedDocument(groups.filter((group) => (group.name === "") === core), version));
    return {
      contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
      body,
      etag: `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"`,
    };
  };

  return {
    at(path, accept) {
      const parts = path.split("/").filter((part) => part !== "");
      const form = parts.length === 1 ? discoveryForm(accept) : "legacy";
      const key = `${form} ${parts.join("/")}`;
      if (made.has(key)) return made.get(key);
      let document: DiscoveryDocument | undefined;
      if (form === "legacy") {
        const body = legacy(parts);
        document = body && { contentType: "application/json", body: JSON.stringify(body) };
      } else if (parts[0] === "api" || parts[0] === "apis") document = aggregated(parts[0] === "api", form);
      // What is not there is not remembered: anybody can ask for any path.
      if (document !== undefined) made.set(key, document);
      return document;
    },
  };
}

/** The first form in an Accept header that discovery has: kubectl asks for the newest first. */
export function discoveryForm(accept: string): AggregatedVersion | "legacy" {
  for (const range of accept.split(",")) {
    const [type, ...parameters] = range.split(";").map((part) => part.trim());
    const of = new Map(parameters.map((parameter) => parameter.split("=", 2) as [string, string]));
    if (type !== "application/json" && type !== "*/*" && type !== "application/*") continue;
    if (of.get("as") === undefined) return "legacy";
    const version = of.get("v");
    if (of.get("g") !== "apidiscovery.k8s.io" || of.get("as") !== "APIGroupDiscoveryList") continue;
    if (version === "v2" || version === "v2beta1") return version;
  }
  return "legacy";
}
