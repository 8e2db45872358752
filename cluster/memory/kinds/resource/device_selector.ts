/** CEL expressions that choose devices. Source: `k8s.io/dynamic-resource-allocation/cel/compile.go`. */
import { newEnvironment } from "../cel/environment.ts";
import { compile, CompileError } from "../cel/program.ts";

/** What is wrong with an expression about `device`, undefined when nothing is. */
export function selectorError(expression: string): string | undefined {
  try {
    const { type } = compile(newEnvironment().registerVariable("device", "dyn"), expression);
    return type === "bool" || type === "dyn" ? undefined : `must evaluate to bool or the unknown type, not ${type}`;
  } catch (error) {
    if (error instanceof CompileError) return `compilation failed: ${error.message}`;
    throw error;
  }
}
