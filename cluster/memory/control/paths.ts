/**
 * What a memory cluster says and does beyond Kubernetes, under `/drydock`: its clock, the life of an object, the
 * scheduler's reasons. A path like any other that is no resource, so that who may use it is RBAC's to say; only
 * administrators have a rule for it.
 */
import type { PathHandler } from "../api/http/handler.ts";
import { type ApiRequest, type ApiResponse, json } from "../api/http/message.ts";
import type { Api } from "../api/mod.ts";
import type { AuditLog } from "../api/registry/audit.ts";
import { badRequest, failure, notFound } from "../api/status.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { explain } from "../scheduler/explain.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import { trace } from "./trace.ts";

export interface ControlOptions {
  readonly api: Api;
  readonly log: AuditLog;
  /** Moves the clock forward by milliseconds. */
  readonly advance: (ms: number) => void | Promise<void>;
  readonly scheduler: () => Scheduler | undefined;
}

/** The longest step of the clock, a month: all that happens on the way happens. */
const LONGEST_STEP = 31 * 24 * 3600_000;

export function controlPaths(options: ControlOptions): PathHandler {
  return async (request): Promise<ApiResponse | undefined> => {
    switch (`${request.method} ${request.path}`) {
      case "GET /drydock/clock":
        return json(200, { now: options.api.clock.now() });
      case "POST /drydock/clock":
        return json(200, await moveClock(options, request));
      case "GET /drydock/trace":
        return json(200, { steps: trace(options.log, objectOf(options.api, request)) });
      case "GET /drydock/why":
        return json(200, { nodes: why(options, request) });
      default:
        return undefined;
    }
  };
}

async function moveClock({ api, advance }: ControlOptions, request: ApiRequest) {
  let by: unknown;
  try {
    by = JSON.parse(new TextDecoder().decode(await request.body())).advance;
  } catch {
    throw badRequest('the body must be {"advance": MILLISECONDS}');
  }
  if (typeof by !== "number" || !(by >= 0 && by <= LONGEST_STEP)) {
    throw badRequest(`advance must be from 0 to ${LONGEST_STEP} milliseconds`);
  }
  await advance(by);
  return { now: api.clock.now() };
}

/** The object that a query names by `resource` (a plural, singular or short name), `namespace` and `name`. */
function objectOf({ kinds, store }: Api, { query }: ApiRequest): KubeObject {
  const word = (query.get("resource") ?? "").toLowerCase();
  const [name, namespace] = [query.get("name") ?? "", query.get("namespace") ?? "default"];
  const kind = kinds.kinds().find(({ plural, singular, shortNames = [] }) =>
    [plural, singular, ...shortNames].includes(word)
  );
  if (kind === undefined) throw badRequest(`the server doesn't have a resource type ${JSON.stringify(word)}`);
  const bucket = kind.group === "" ? kind.plural : `${kind.group}/${kind.plural}`;
  const found = store.get<KubeObject>(bucket, kind.namespaced ? `${namespace}/${name}` : name);
  if (found === undefined) throw notFound({ group: kind.group, name: kind.plural }, name);
  return found.object;
}

function why({ api, scheduler }: ControlOptions, request: ApiRequest) {
  const running = scheduler();
  if (running === undefined) throw failure(503, "ServiceUnavailable", "no scheduler runs in this cluster");
  const pod = objectOf(api, request) as Pod;
  if (pod.kind !== "Pod") throw badRequest("only pods are scheduled");
  const profile = running.profileOf(pod);
  if (profile === undefined) {
    throw failure(409, "Conflict", `no scheduler is called ${JSON.stringify(pod.spec?.schedulerName)}`);
  }
  return explain(pod, running.cache, profile.plugins);
}
