/**
 * What is wrong with a policy's expressions for the kinds that it is about: fields that those do not have, operations
 * that their types do not allow. A policy with such mistakes is kept, and its status warns of them.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/validating/typechecking.go`.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { CompileError } from "../cel/cel_error.ts";
import { newEnvironment } from "../cel/environment.ts";
import { escape } from "../cel/escaping.ts";
import { compile } from "../cel/program.ts";
import type { ScalarType, Shape, StructShape } from "../schema/shape.ts";
import type { ExpressionWarning, ValidatingAdmissionPolicy } from "../schema/types.ts";
import { environmentOf, type Surroundings } from "./expressions.ts";

/** A kind that a policy is about. */
export interface CheckedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly shape: StructShape;
}

const SCALARS: Readonly<Record<ScalarType, string>> = {
  string: "string",
  int32: "int",
  int64: "int",
  double: "double",
  bool: "bool",
  bytes: "bytes",
  quantity: "string",
  time: "google.protobuf.Timestamp",
  microtime: "google.protobuf.Timestamp",
  "int-or-string": "dyn",
};

/** The warnings for all kinds, one an expression. Needs the library that `loadCel` loads. */
export function typeWarnings({ spec }: ValidatingAdmissionPolicy, kinds: readonly CheckedKind[]): ExpressionWarning[] {
  const around = { params: spec?.paramKind !== undefined, authorizer: true, variables: true };
  const environments = kinds.map((kind) => ({
    name: `${kind.group}/${kind.version}, Kind=${kind.kind}`,
    environment: typedEnvironment(around, kind),
  }));
  const check = (source: string, fieldRef: string): ExpressionWarning[] => {
    const problems = environments.flatMap(({ name, environment }) => {
      const problem = problemOf(environment, source);
      return problem === undefined ? [] : [`${name}: ${problem}\n`];
    });
    return problems.length === 0 ? [] : [{ fieldRef, warning: problems.join("\n") }];
  };
  return (spec?.validations ?? []).flatMap(({ expression = "", messageExpression = "" }, i) => [
    ...check(expression, `spec.validations[${i}].expression`),
    ...messageExpression === "" ? [] : check(messageExpression, `spec.validations[${i}].messageExpression`),
  ]);
}

function problemOf(environment: Environment, source: string): string | undefined {
  try {
    compile(environment, source);
    return undefined;
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
}

/** Where objects are of their kind's type; what else there is stays of any. */
function typedEnvironment(around: Surroundings, { shape }: CheckedKind): Environment {
  const typed = newEnvironment();
  const types = new Map<StructShape, string>();
  const nameOf = (part: Shape): string => {
    switch (part.is) {
      case "scalar":
        return SCALARS[part.type];
      case "any":
        return "dyn";
      case "list":
        return `list<${nameOf(part.items)}>`;
      case "map":
        return `map<string, ${nameOf(part.values)}>`;
      case "struct":
        return part.preserveUnknown ? "dyn" : types.get(part) ?? declare(part);
    }
  };
  function declare(struct: StructShape): string {
    const name = `object.Type${types.size}`;
    types.set(struct, name);
    const fields: Record<string, string> = {};
    for (const field of struct.fields.values()) {
      const escaped = escape(field.name);
      if (escaped !== undefined) fields[escaped] = nameOf(field.shape);
    }
    typed.registerType(name, { ctor: class {}, fields } as never);
    return name;
  }
  return environmentOf(around, nameOf(shape), typed);
}
