/**
 * What a client sent becomes an object; what is wrong with it is told as Kubernetes tells it.
 *
 * - {@linkcode decode}: a body (JSON, YAML or protobuf) and what the endpoint expects → an object, or a StatusError;
 *   {@linkcode decodeValue} does the same for a value that a patch has made.
 * - {@linkcode normalize}: an object as Go writes it: no empty fields, structs and required fields always there.
 * - {@linkcode readYaml}: YAML 1.1 as the API server understands it, as JSON text.
 * - {@linkcode prune}: drops what a custom resource's schema does not know.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "../../kinds/schema/shape.ts";
 * import { decode } from "./mod.ts";
 *
 * const options = {
 *   expected: { group: "apps", version: "v1", kind: "Deployment" },
 *   shape: shapeOf("apps.v1.Deployment"),
 *   fieldValidation: "Strict",
 * } as const;
 * const body = (text: string) => new TextEncoder().encode(text);
 *
 * assert.throws(() => decode(body('{"spec":{"replica":3}}'), options), {
 *   message: 'Deployment in version "v1" cannot be handled as a Deployment: ' +
 *     'strict decoding error: unknown field "spec.replica"',
 * });
 * ```
 */
export { decode, type Decoded, type DecodeOptions, decodeValue, type FieldValidation } from "./decode.ts";
export { goQuote } from "./go_text.ts";
export { normalize } from "./normalize.ts";
export { prune } from "./prune.ts";
export { type GroupVersionKind, parseGroupVersion } from "./type_meta.ts";
export { MalformedYaml, readYaml } from "./yaml.ts";
