/** What controllers cannot find out from the API. */
import type { KindRef } from "../api/client.ts";
import type { ScaleStrategy } from "../kinds/kind.ts";
import type { StructShape } from "../kinds/schema/shape.ts";
import type { Service } from "../kinds/schema/types.ts";

/** A resource that the API serves. */
export interface ServedResource extends KindRef {
  readonly namespaced: boolean;
  readonly verbs?: readonly string[];
  /** The type of its objects in schema/facts.json, or the shape of those that have none there. */
  readonly type?: string;
  readonly shape?: StructShape;
  /** Set where the resource has a scale. */
  readonly scale?: ScaleStrategy;
}

/** Signs certificates for approved requests. */
export interface CertificateAuthority {
  /**
   * @param request the PEM of the certificate request
   * @param seconds how long the certificate is valid
   * @param usages of the CertificateSigningRequest, "client auth"
   * @returns the certificate in PEM
   */
  sign(request: string, seconds: number, usages: readonly string[]): Promise<string>;
}

/** Whose token a Secret is to hold. */
export interface SecretTokenRequest {
  readonly namespace: string;
  readonly serviceAccount: { readonly name: string; readonly uid: string };
  readonly secret: { readonly name: string; readonly uid: string };
}

export interface ControllerOptions {
  /** The certificate of the API's authority in PEM, for the ConfigMap kube-root-ca.crt of each namespace. */
  readonly rootCa?: string;
  /** The authority that signs client and serving certificates; without it approved requests stay unsigned. */
  readonly certificateAuthority?: CertificateAuthority;
  /** Signs the token of a service account that stands in a Secret; without it such Secrets get none. */
  readonly secretToken?: (request: SecretTokenRequest) => Promise<string>;
  /** Every resource that is served now, those of CustomResourceDefinitions too, for what cares for all objects. */
  readonly resources?: () => readonly ServedResource[];
  /** Calls `listener` after each change of what is served. */
  readonly onResourcesChange?: (listener: () => void) => void;
  /** Where the API listens, and the cluster's address for it, for the Service "kubernetes". */
  readonly apiServer?: { readonly address: string; readonly port: number; readonly clusterIP: string };
  /** Gives Services of type LoadBalancer their address; without it they wait for one, as without a cloud. */
  readonly loadBalancer?: (service: Service) => string;
  /** How long a node may be silent, in milliseconds; 50 s unless said. */
  readonly nodeMonitorGracePeriod?: number;
}
