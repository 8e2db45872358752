/** EndpointSlices found by the service that they are of. */
import type { Informer } from "../api/informer.ts";
import type { EndpointSlice } from "../kinds/schema/types.ts";

/** The label of a slice that names its service. */
export const SERVICE_NAME = "kubernetes.io/service-name";

const SERVICE = "service";

/** The informer, by which {@linkcode slicesOf} can find slices from now on. */
export const indexByService = (slices: Informer<EndpointSlice>): Informer<EndpointSlice> =>
  slices.index(SERVICE, ({ metadata }) => [`${metadata.namespace}/${metadata.labels?.[SERVICE_NAME]}`]);

/** The slices of a service. */
export const slicesOf = (slices: Informer<EndpointSlice>, namespace = "", service = ""): readonly EndpointSlice[] =>
  slices.by(SERVICE, `${namespace}/${service}`);
