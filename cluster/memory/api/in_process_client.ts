/**
 * The client of components in the same process: requests without HTTP, through the same authorization, admission and
 * validation, and objects without copies.
 */
import type { Draft, KubeObject } from "../kinds/object.ts";
import { draft } from "../kinds/object.ts";
import type { Client, KindRef, ListOptions, WatchEvent } from "./client.ts";
import type { StructShape } from "../kinds/schema/shape.ts";
import { normalize } from "./decode/normalize.ts";
import { authorize } from "./authorize.ts";
import type { Call, Core } from "./registry/call.ts";
import { create } from "./registry/create.ts";
import { remove } from "./registry/delete.ts";
import { get, list } from "./registry/get.ts";
import { patchChange } from "./registry/patch.ts";
import { parseSelection } from "./registry/selection.ts";
import { inVersion } from "./registry/served.ts";
import { fillUnset } from "./registry/unset_fields.ts";
import { handlerOf } from "./registry/subresource.ts";
import { update } from "./registry/update.ts";
import { watch } from "./registry/watch.ts";
import { methodNotSupported, notFound } from "./status.ts";
import type { User } from "./user.ts";

export interface ClientOptions {
  /** Who the fields that it writes belong to; the user's last name unless said. */
  readonly manager?: string;
  /** Told of warnings. */
  readonly warn?: (message: string) => void;
}

export function inProcessClient(core: Core, user: User, options: ClientOptions = {}): Client {
  const manager = options.manager ?? user.name.slice(user.name.lastIndexOf(":") + 1);
  const warn = options.warn ?? (() => {});

  /** @throws {StatusError} 404 for a kind that is not served, 403 for what the user may not do */
  const call = (verb: string, ref: KindRef, namespace = "", name = "", subresource = ""): Call => {
    const { group, version, plural } = ref;
    const served = core.kinds.find(group, version, plural);
    if (served === undefined) throw notFound({ group, name: plural }, name);
    authorize(core.authorizer, user, { verb, group, resource: plural, subresource, namespace, name });
    return { served, namespace, name, subresource, user, manager, dryRun: false, options: {}, warn };
  };
  const named = (
    verb: string,
    ref: KindRef,
    { metadata }: { readonly metadata?: { readonly name?: string; readonly namespace?: string } },
    subresource = "",
  ) => call(verb, ref, metadata?.namespace, metadata?.name, subresource);

  const write = async <T extends KubeObject>(ref: KindRef<T>, object: T, subresource = "") => {
    const one = named("update", ref, object, subresource);
    const handler = handlerOf(core, one);
    if (handler?.update !== undefined) {
      const change = { make: () => received(object, handler.type.shape) };
      return await handler.update(core, one, change) as unknown as T;
    }
    const { object: written } = await update(core, one, { make: () => received(object, one.served.shape) });
    return inVersion(one.served, written) as T;
  };

  const client: Client = {
    async get<T extends KubeObject>(
      ref: KindRef<T>,
      namespace: string | undefined,
      name: string,
      subresource = "",
    ) {
      const one = call("get", ref, namespace, name, subresource);
      const handler = handlerOf(core, one);
      if (handler?.get !== undefined) return await handler.get(core, one) as unknown as T;
      return inVersion(one.served, get(core, one)) as T;
    },
    // deno-lint-ignore require-await -- rejects, as all methods do, instead of throwing
    async list<T extends KubeObject>(
      ref: KindRef<T>,
      { namespace, labelSelector = "", fieldSelector = "" }: ListOptions = {},
    ) {
      const many = call("list", ref, namespace);
      const selection = parseSelection(many.served, labelSelector, fieldSelector);
      const found = list(core, many, {
        selection,
        limit: 0,
        continue: "",
        resourceVersion: "",
        resourceVersionMatch: "",
      });
      const items = found.objects.map((object) => inVersion(many.served, object)) as unknown as readonly T[];
      return { items, resourceVersion: found.resourceVersion };
    },
    async create<T extends KubeObject>(ref: KindRef<T>, object: Parameters<Client["create"]>[1]) {
      const given = object as KubeObject;
      const { namespace } = given.metadata ?? {};
      const one = call("create", ref, namespace, "");
      const created = await create(
        core,
        { ...one, name: given.metadata?.name ?? "" },
        received(given, one.served.shape),
      );
      return inVersion(one.served, created) as T;
    },
    update: write,
    updateStatus: (ref, object) => write(ref, object, "status"),
    async patch<T extends KubeObject>(
      ref: KindRef<T>,
      namespace: string | undefined,
      name: string,
      { type, body, subresource = "" }: Parameters<Client["patch"]>[3],
    ) {
      const one = call("patch", ref, namespace, name, subresource);
      const change = patchChange(one, {
        type,
        body,
        decode: (object) => received(object as KubeObject, one.served.shape),
      });
      const handler = handlerOf(core, one);
      if (handler?.update !== undefined) {
        return await handler.update(core, one, change) as unknown as T;
      }
      return inVersion(one.served, (await update(core, one, change)).object) as T;
    },
    async delete(ref, namespace, name, options = {}) {
      await remove(core, call("delete", ref, namespace, name), options);
    },
    async post(ref, namespace, name, subresource, body) {
      const one = call("create", ref, namespace, name, subresource);
      const handler = handlerOf(core, one);
      if (handler?.create === undefined) throw methodNotSupported({ group: ref.group, name: ref.plural }, "create");
      const object = received(body as KubeObject, handler.type.shape);
      fillUnset(object, handler.type.shape);
      return await handler.create(core, one, object as KubeObject);
    },
    watch<T extends KubeObject>(ref: KindRef<T>, resourceVersion: string, listener: (event: WatchEvent<T>) => void) {
      const many = call("watch", ref);
      const { served } = many;
      let stopped = false;
      const open = watch(core, many, parseSelection(served, "", ""), Number(resourceVersion), (selected) => {
        core.clock.soon(() => {
          if (stopped) return;
          const { type, object, previous } = selected;
          listener({
            type,
            object: inVersion(served, object) as T,
            ...previous === undefined ? {} : { previous: inVersion(served, previous) as T },
          });
        });
      });
      return {
        stop() {
          stopped = true;
          open.stop();
        },
      };
    },
  };
  return client;
}

/** A component's object as the server would have decoded it: a copy, with nothing in it that JSON does not say. */
function received(object: KubeObject, shape: StructShape): Draft<KubeObject> {
  return draft(normalize({ ...object, metadata: object.metadata ?? {} }, shape));
}
