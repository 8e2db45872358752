/**
 * Steps: how an exercise is set up and solved through the API, on any machine.
 *
 * A steps file holds documents. One with `steps:` is a list of steps; any other is a manifest to apply.
 */
import { criterion } from "../checks/check.ts";
import { type Question, question } from "../checks/criteria/answer.ts";
import { apiVersion, type Criterion, kindName } from "../checks/criteria/criterion.ts";
import {
  anyMap,
  complain,
  fields,
  inside,
  integer,
  isMap,
  list,
  oneOf,
  optional,
  type Place,
  readShape,
  refuseUnknown,
  type Shape,
  string,
} from "../checks/shape.ts";
import { type Path, type Position, readYaml, type YamlDocument } from "../checks/yaml.ts";
import type { ApiObject, ObjectRef, Patch } from "../cluster/cluster.ts";

export type Step = StepAction & { readonly source: Position & { readonly file: string } };

export type StepAction =
  | { readonly action: "apply"; readonly object: ApiObject }
  | ({ readonly action: "patch" } & PatchAction)
  /** `gracePeriodSeconds: 0` waits for no kubelet. */
  | { readonly action: "delete"; readonly ref: ObjectRef; readonly gracePeriodSeconds?: number }
  /** Back to the template of an earlier revision of a Deployment: the one before unless said. */
  | { readonly action: "rollback"; readonly name: string; readonly revision?: number }
  | { readonly action: "exec"; readonly pod: string; readonly container?: string; readonly command: readonly string[] }
  /** Writes down the answer to a question, computed from the cluster. */
  | { readonly action: "answer"; readonly question: Question }
  /** Until the criterion holds, at most `within` milliseconds. */
  | { readonly action: "wait"; readonly criterion: Criterion; readonly within: number };

interface PatchAction {
  readonly ref: ObjectRef;
  readonly patch: Patch;
  /** What alone is patched: "status", "approval". */
  readonly subresource?: string;
}

const named = { apiVersion, kind: kindName, name: string(), namespace: optional(string()) };

/** A manifest: what every object has is looked at here, the rest by the server. */
const manifest: Shape<ApiObject> = (place) => {
  const value = anyMap(place);
  if (value === undefined) return undefined;
  apiVersion(inside(place, "apiVersion"));
  kindName(inside(place, "kind"));
  const metadata = inside(place, "metadata");
  if (!isMap(metadata.value)) return anyMap(metadata) as undefined;
  string()(inside(metadata, "name"));
  return value as unknown as ApiObject;
};

const patch: Shape<PatchAction> = (place) => {
  const reading = fields({
    ...named,
    subresource: optional(string(/^[a-z]+$/, "a subresource such as status", "status 같은 하위 리소스")),
    type: optional(oneOf("strategic", "merge", "json")),
    body: (body: Place) => Array.isArray(body.value) ? body.value as readonly unknown[] : anyMap(body),
  })(place);
  if (reading === undefined) return undefined;
  const { type = "strategic", body, subresource, ...ref } = reading;
  if ((type === "json") !== Array.isArray(body)) {
    return complain(inside(place, "body"), {
      en: "a json patch is a list of operations, the others are maps",
      ko: "json 패치는 작업 목록이고 다른 패치는 맵이어야 합니다",
    });
  }
  return { ref, patch: { type, body } as Patch, ...subresource === undefined ? {} : { subresource } };
};

type ActionName = StepAction["action"];

const ACTIONS: { readonly [A in ActionName]: Shape<Extract<StepAction, { readonly action: A }>> } = {
  apply: (place) => {
    const object = manifest(place);
    return object === undefined ? undefined : { action: "apply", object };
  },
  patch: (place) => {
    const reading = patch(place);
    return reading && { action: "patch", ...reading };
  },
  delete: (place) => {
    const reading = fields({ ...named, gracePeriodSeconds: optional(integer(0, 3600)) })(place);
    if (reading === undefined) return undefined;
    const { gracePeriodSeconds, ...ref } = reading;
    return { action: "delete", ref, ...gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds } };
  },
  rollback: (place) => {
    const reading = fields({ name: string(), revision: optional(integer(1, 1000)) })(place);
    return reading && { action: "rollback", ...reading };
  },
  exec: (place) => {
    const reading = fields({ pod: string(), container: optional(string()), command: list(string()) })(place);
    return reading && { action: "exec", ...reading };
  },
  answer: (place) => {
    const reading = question(place);
    return reading && { action: "answer", question: reading };
  },
  wait: (place) => {
    if (!isMap(place.value)) return criterion(place) as undefined;
    const { within: seconds, ...rest } = place.value;
    const reading = criterion({ ...place, value: rest });
    const within = seconds === undefined ? 60 : integer(1, 3600)(inside(place, "within"));
    return reading === undefined || within === undefined
      ? undefined
      : { action: "wait", criterion: reading, within: within * 1000 };
  },
};

const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionName[];

const step: Shape<Step> = (place) => {
  const names = isMap(place.value) ? Object.keys(place.value) : [];
  const name = ACTION_NAMES.find((action) => action === names[0]);
  if (names.length !== 1 || name === undefined) {
    if (isMap(place.value)) refuseUnknown(place, ACTION_NAMES);
    return complain(place, {
      en: `must have exactly one of ${ACTION_NAMES.join(", ")}`,
      ko: `${ACTION_NAMES.join(", ")} 중에서 정확히 하나가 있어야 합니다`,
    });
  }
  const action = ACTIONS[name](inside(place, name));
  return action && { ...action, source: sourceOf(place.document, place.path) };
};

const steps = fields({ steps: list(step) });

function sourceOf(document: YamlDocument, path: Path): Step["source"] {
  return { file: document.file, ...document.locate(path) };
}

/**
 * Reads a steps file.
 *
 * @throws {ContentError} with the line and field of everything that is wrong
 */
export function readSteps(text: string, file: string): readonly Step[] {
  return readYaml(text, file).flatMap((document): readonly Step[] =>
    isMap(document.value) && "steps" in document.value
      ? readShape(document, steps).steps
      : [{ action: "apply", object: readShape(document, manifest), source: sourceOf(document, []) }]
  );
}

/**
 * Reads spoiled.yaml: for each check's id, steps.
 *
 * @throws {ContentError}
 */
export function readSpoiled(text: string, file: string): ReadonlyMap<string, readonly Step[]> {
  const [document] = readYaml(text, file);
  const everySteps: Shape<ReadonlyMap<string, readonly Step[]>> = (place) => {
    const value = anyMap(place);
    if (value === undefined) return undefined;
    return new Map(Object.keys(value).map((id) => [id, list(step)(inside(place, id)) ?? []]));
  };
  return document === undefined ? new Map() : readShape(document, everySteps);
}
