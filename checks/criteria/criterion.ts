/** What a check looks at: a criterion holds or it does not, and then says what differs. */
import { type ApiObject, describeRef, type ObjectClient, type ObjectRef } from "../../cluster/cluster.ts";
import type { Text } from "../../cluster/text.ts";
import { fields, type Optional, optional, type Place, type Shape, string } from "../shape.ts";

/** Where a criterion is evaluated. */
export interface Scope {
  readonly objects: ObjectClient;
  /** The namespace of targets that name none. */
  readonly namespace: string;
}

/** One thing that is not as it should be. */
export interface Mismatch {
  /** "Deployment web" */
  readonly subject: string;
  /** "spec.replicas" */
  readonly path?: string;
  readonly is?: unknown;
  readonly should?: unknown;
  /** In words, where values do not say it. */
  readonly note?: Text;
}

/** A criterion as an author wrote it, ready to be evaluated. */
export interface Criterion {
  /** What it looks at: whose events explain that it does not hold, and what the task must name. */
  readonly targets: readonly Target[];
  /** The question that it expects an answer to. */
  readonly question?: string;
  /** Empty when the criterion holds. */
  evaluate(scope: Scope): Promise<readonly Mismatch[]>;
}

/** The name of a kind's object; in the exercise's namespace unless said. */
export interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A kind of criterion: the fields that it adds to a check, and what they mean. */
export interface CriterionType {
  /** The field by which a check chooses it. */
  readonly keyword: string;
  readonly fields: Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;
  /** Reads the fields of a check; undefined after a complaint. */
  read(place: Place): Criterion | undefined;
}

/** "apps/v1" or "v1". */
export const apiVersion = string(
  /^([a-z0-9.-]+\/)?v\d+((alpha|beta)\d+)?$/,
  'a version such as "v1" or "apps/v1"',
  '"v1", "apps/v1" 같은 버전',
);
export const kindName = string(/^[A-Z][A-Za-z0-9]*$/, 'a kind such as "Pod"', '"Pod" 같은 종류');

/** One object by name. */
export const namedTarget = fields({ apiVersion, kind: kindName, name: string(), namespace: optional(string()) });

/** The object that a target names in a scope. */
export function refIn(scope: Scope, { apiVersion, kind, name = "", namespace = scope.namespace }: Target): ObjectRef {
  return { apiVersion, kind, name, namespace };
}

export const DOES_NOT_EXIST: Text = { en: "does not exist", ko: "존재하지 않습니다" };

/**
 * A criterion of one object by name, which must be there.
 *
 * @param differing what of the object that was found is not as it should be
 */
export function ofObject(
  target: Target,
  differing: (found: ApiObject, subject: string) => readonly Mismatch[],
): Criterion {
  return {
    targets: [target],
    async evaluate(scope) {
      const ref = refIn(scope, target);
      const found = await scope.objects.get(ref);
      const subject = describeRef(ref);
      return found === undefined ? [{ subject, note: DOES_NOT_EXIST }] : differing(found, subject);
    },
  };
}
