/**
 * The subresources that are not written as their object is: a scale, a binding, an eviction, a token.
 *
 * Source: `pkg/registry/core/pod/storage/storage.go` and the like: each subresource is a small storage of its own.
 */
import type { KubeObject } from "../../kinds/object.ts";
import type { StructShape } from "../../kinds/schema/shape.ts";
import type { Call, Core } from "./call.ts";
import type { Change } from "./update.ts";

/** What a subresource speaks: a type of its own, or that of its object. */
export interface SubresourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly shape: StructShape;
}

export interface SubresourceHandler {
  /** The type of bodies and answers. */
  readonly type: SubresourceType;
  /** Answers a GET, in the version of the request. */
  get?(core: Core, call: Call): KubeObject | Promise<KubeObject>;
  /** Answers a POST. `body` is decoded; the answer is sent with 201. */
  create?(core: Core, call: Call, body: KubeObject): unknown | Promise<unknown>;
  /** Answers a PUT, a PATCH or an apply. The change works on what {@linkcode get} answers. */
  update?(core: Core, call: Call, change: Change): KubeObject | Promise<KubeObject>;
}

/** By "bucket/subresource", "pods/eviction"; "*"+"/scale" serves all kinds that scale. */
export type SubresourceHandlers = ReadonlyMap<string, SubresourceHandler>;

export const handlerOf = (core: Core, { served, subresource }: Call): SubresourceHandler | undefined =>
  core.subresources.get(`${served.bucket}/${subresource}`) ?? core.subresources.get(`*/${subresource}`);
