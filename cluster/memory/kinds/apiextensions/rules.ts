/**
 * `x-kubernetes-validations`: rules in CEL over the parts of a custom resource.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/{compilation,validation}.go`.
 */
import { CompileError, CostExceeded, EvaluationFailure } from "../cel/cel_error.ts";
import { cel } from "../cel/engine.ts";
import { type Budget, CALL_BUDGET, compile, OBJECT_BUDGET, type Program } from "../cel/program.ts";
import { child, duplicate, type FieldError, forbidden, invalid, keyed, required } from "../field_error.ts";
import { equalJson, isList, isObject, type Json, type JsonObject } from "../json.ts";
import { SchemaTypes } from "./cel_types.ts";
import { parseFieldPath } from "./field_path.ts";
import {
  itemsOf,
  type JSONSchemaProps,
  propertyOf,
  rulesOf,
  someSchema,
  type ValidationRule,
  valuesOf,
} from "./json_schema.ts";
import { oldItem } from "./value_validation.ts";

export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Undefined for a rule that does not compile. */
  readonly program?: Program;
  readonly error?: string;
  readonly message?: Program;
  readonly messageError?: string;
  /** It compares with the state before. */
  readonly usesOldSelf: boolean;
}

/** The compiled rules of a schema, part by part. */
interface Rules {
  readonly types: SchemaTypes;
  readonly byPart: Map<JSONSchemaProps, readonly CompiledRule[]>;
}

const compiled = { resource: new WeakMap<JSONSchemaProps, Rules>(), part: new WeakMap<JSONSchemaProps, Rules>() };

export function compileRules(
  root: JSONSchemaProps,
  part: JSONSchemaProps,
  isResource: boolean,
): readonly CompiledRule[] {
  const cache = isResource ? compiled.resource : compiled.part;
  let rules = cache.get(root);
  if (rules === undefined) cache.set(root, rules = { types: new SchemaTypes(root, isResource), byPart: new Map() });
  let found = rules.byPart.get(part);
  if (found === undefined) {
    const { types } = rules;
    rules.byPart.set(part, found = rulesOf(part).map((rule) => compileRule(rule, part, types)));
  }
  return found;
}

function compileRule(rule: ValidationRule, part: JSONSchemaProps, types: SchemaTypes): CompiledRule {
  if (rule.rule.trim() === "") return { rule, usesOldSelf: false };
  const environment = types.environment(part, rule.optionalOldSelf ?? false);
  let program: Program;
  try {
    program = compile(environment, rule.rule);
  } catch (error) {
    return { rule, usesOldSelf: false, error: `compilation failed: ${compileText(error)}` };
  }
  const usesOldSelf = program.variables.has("oldSelf");
  if (program.type !== "bool") return { rule, usesOldSelf, error: "cel expression must evaluate to a bool" };
  if (!rule.messageExpression) return { rule, program, usesOldSelf };
  try {
    const message = compile(environment, rule.messageExpression);
    if (message.type === "string") return { rule, program, message, usesOldSelf };
    return { rule, program, usesOldSelf, messageError: "messageExpression must evaluate to a string" };
  } catch (error) {
    return { rule, program, usesOldSelf, messageError: `messageExpression compilation failed: ${compileText(error)}` };
  }
}

function compileText(error: unknown): string {
  if (error instanceof CompileError) return error.message;
  throw error;
}

const ruled = new WeakMap<JSONSchemaProps, boolean>();

/** Whether the schema or a part of it has rules. */
export function hasRules(schema: JSONSchemaProps): boolean {
  let known = ruled.get(schema);
  if (known === undefined) ruled.set(schema, known = someSchema(schema, (inner) => rulesOf(inner).length > 0));
  return known;
}

/**
 * @param old the state before an update; undefined for a new object
 * @param isResource the value is a whole object
 */
export function validateRules(
  value: Json,
  old: Json | undefined,
  schema: JSONSchemaProps,
  path = "",
  isResource = false,
): FieldError[] {
  if (!hasRules(schema)) return [];
  const run: Run = { root: schema, isResource, budget: { steps: OBJECT_BUDGET }, errors: [], stopped: false };
  walk(value, old, schema, path, run, old !== undefined);
  return run.errors;
}

interface Run {
  readonly root: JSONSchemaProps;
  readonly isResource: boolean;
  readonly budget: Budget;
  readonly errors: FieldError[];
  /** The budget is spent: no more rules are run. */
  stopped: boolean;
}

/** @param correlated the value can be followed back to `old` */
function walk(
  value: Json,
  old: Json | undefined,
  schema: JSONSchemaProps,
  path: string,
  run: Run,
  correlated: boolean,
): void {
  if (value === null || run.stopped || !hasRules(schema)) return;
  const unchanged = correlated && old !== undefined && equalJson(value, old);
  for (const rule of compileRules(run.root, schema, run.isResource)) {
    if (!run.stopped) check(rule, value, old, schema, path, run, unchanged);
  }
  if (isList(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    const before = isList(old) ? old : undefined;
    for (const [index, item] of value.entries()) {
      const known = oldItem(item, schema, before);
      walk(item, known, items, child(path, index), run, known !== undefined);
    }
  } else if (isObject(value)) {
    const before: JsonObject = isObject(old) ? old : {};
    const values = valuesOf(schema);
    for (const [name, entry] of Object.entries(value)) {
      const property = propertyOf(schema, name);
      const known = before[name];
      if (property !== undefined) walk(entry, known, property, child(path, name), run, known !== undefined);
      else if (typeof values === "object") walk(entry, known, values, keyed(path, name), run, known !== undefined);
    }
  }
}

function check(
  { rule, program, error, message, usesOldSelf }: CompiledRule,
  value: Json,
  old: Json | undefined,
  schema: JSONSchemaProps,
  path: string,
  run: Run,
  unchanged: boolean,
): void {
  const at = path === "" ? "<nil>" : path;
  const type = schema.type ?? "";
  if (error !== undefined) return void run.errors.push(invalid(at, type, `rule compile error: ${error}`));
  if (program === undefined) return;
  // A rule about a change says nothing of what is new.
  if (usesOldSelf && old === undefined && !rule.optionalOldSelf) return;
  const { types } = (run.isResource ? compiled.resource : compiled.part).get(run.root)!;
  const variables = { self: types.value(value, schema), oldSelf: oldSelfOf(rule, types.value(old, schema)) };
  const text = (rule.message || rule.rule).trim();
  const outcome = evaluate(program, variables, run.budget);
  if (outcome instanceof CostExceeded) {
    run.stopped = true;
    const why =
      `'${outcome.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
    return void run.errors.push(invalid(at, type, why));
  }
  if (outcome instanceof EvaluationFailure) return void run.errors.push(invalid(at, type, failureText(outcome, text)));
  // What was wrong before, and stays as it is, may stay.
  if (outcome === true || unchanged && !usesOldSelf) return;
  const told = message === undefined ? undefined : evaluate(message, variables, run.budget);
  const detail = typeof told === "string" && isMessage(told)
    ? told.trim()
    : rule.message?.trim() || `failed rule: ${text}`;
  run.errors.push(errorFor(rule, ruleField(rule, schema, path), value, type, detail));
}

function oldSelfOf(rule: ValidationRule, old: unknown): unknown {
  if (!rule.optionalOldSelf) return old;
  return old === undefined ? cel().Optional.none() : cel().Optional.of(old);
}

/** One evaluation may take no more than its own budget, nor more than is left of the object's. */
function evaluate(program: Program, variables: Readonly<Record<string, unknown>>, budget: Budget): unknown {
  const own: Budget = { steps: Math.min(CALL_BUDGET, budget.steps) };
  const given = own.steps;
  try {
    return program.evaluate(variables, own);
  } catch (error) {
    if (error instanceof EvaluationFailure) return error;
    throw error;
  } finally {
    budget.steps -= given - own.steps;
  }
}

function failureText({ message }: EvaluationFailure, rule: string): string {
  if (message === "no such overload") {
    return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  }
  return `${message} evaluating rule: ${rule}`;
}

const LONGEST_MESSAGE = 5 * 1024;
const isMessage = (text: string) => text.trim() !== "" && !text.trim().includes("\n") && text.length <= LONGEST_MESSAGE;

function ruleField({ fieldPath }: ValidationRule, schema: JSONSchemaProps, path: string): string {
  if (!fieldPath) return path === "" ? "<nil>" : path;
  return child(path, parseFieldPath(fieldPath, schema).path);
}

function errorFor({ reason }: ValidationRule, field: string, value: Json, type: string, detail: string): FieldError {
  const isCompound = type === "object" || type === "array";
  switch (reason) {
    case "FieldValueForbidden":
      return forbidden(field, detail);
    case "FieldValueRequired":
      return required(field, detail);
    case "FieldValueDuplicate":
      return isCompound ? { type: "FieldValueDuplicate", field, message: "Duplicate value" } : duplicate(field, value);
    default:
      // A whole object is not repeated in the error.
      if (isCompound) return { type: "FieldValueInvalid", field, message: `Invalid value: ${detail}` };
      return invalid(field, value, detail);
  }
}
