/** Names that the API server's own configuration files may have. Source: `static_suffix.go` beside the validation. */

const SUFFIX = ".static.k8s.io";

/** What a client is told about such a name. */
export const staticNameWarnings = ({ metadata }: { readonly metadata: { readonly name?: string } }): string[] =>
  metadata.name?.endsWith(SUFFIX)
    ? [
      `metadata.name: names ending with "${SUFFIX}" are reserved for static manifest-based configurations and cannot be managed via the API`,
    ]
    : [];
