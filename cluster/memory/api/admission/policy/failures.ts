/** A policy or a binding that cannot be evaluated as it is. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** An expression that came to no result. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}
