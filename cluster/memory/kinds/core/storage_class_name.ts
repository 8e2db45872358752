/** The storage class of a volume or claim, and access modes as tables show them. */
import type { ObjectMeta } from "../schema/types.ts";

export const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** The class, by the annotation of old or by its field; "" without one. */
export const classOf = (
  { metadata, spec }: { readonly metadata: ObjectMeta; readonly spec?: { readonly storageClassName?: string } },
): string => metadata.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? "";

const SHORT = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
] as const;

/** "RWO,ROX" */
export const accessModesText = (modes: readonly string[] = []): string =>
  SHORT.filter(([mode]) => modes.includes(mode)).map(([, short]) => short).join(",");
