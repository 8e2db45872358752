/**
 * Who may approve and sign certificate requests, and what no request may ask for.
 *
 * Source: `plugin/pkg/admission/certificates`.
 */
import type { CertificateSigningRequest } from "../../kinds/schema/types.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { SYSTEM_MASTERS } from "../user.ts";
import { type AdmissionPlugin, type Attributes, refuse, resourceOf } from "./plugin.ts";

const BUCKET = "certificates.k8s.io/certificatesigningrequests";
const API_CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

/** Approving needs the verb `approve` on the request's signer. */
export function certificateApproval(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: "CertificateApproval",
    validate(attributes) {
      if (!isUpdateOf("approval", attributes)) return;
      const { signerName } = (attributes.oldObject as CertificateSigningRequest).spec;
      if (mayUseSigner(authorizer, attributes, "approve", signerName)) return;
      throw refuse(attributes, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`);
    },
  };
}

/** Setting the certificate, or the conditions, needs the verb `sign` on the request's signer. */
export function certificateSigning(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: "CertificateSigning",
    validate(attributes) {
      if (!isUpdateOf("status", attributes)) return;
      const { spec, status: before } = attributes.oldObject as CertificateSigningRequest;
      const { status: after } = attributes.object as CertificateSigningRequest;
      const isSame = before?.certificate === after?.certificate &&
        JSON.stringify(before?.conditions ?? []) === JSON.stringify(after?.conditions ?? []);
      if (isSame || mayUseSigner(authorizer, attributes, "sign", spec.signerName)) return;
      throw refuse(
        attributes,
        `user not permitted to sign requests with signerName ${JSON.stringify(spec.signerName)}`,
      );
    },
  };
}

/** No client certificate makes its holder a member of system:masters. */
export function certificateSubjectRestriction(): AdmissionPlugin {
  return {
    name: "CertificateSubjectRestriction",
    async validate(attributes) {
      if (attributes.operation !== "CREATE" || attributes.subresource !== "" || resourceOf(attributes) !== BUCKET) {
        return;
      }
      const { spec } = attributes.object as CertificateSigningRequest;
      if (spec.signerName !== API_CLIENT_SIGNER) return;
      // The library is large, and most clusters never see a certificate request.
      await import("reflect-metadata");
      const { Pkcs10CertificateRequest } = await import("@peculiar/x509");
      const request = new Pkcs10CertificateRequest(atob(spec.request));
      if (request.subjectName.getField("O").includes(SYSTEM_MASTERS)) {
        throw refuse(attributes, `use of ${API_CLIENT_SIGNER} signer with ${SYSTEM_MASTERS} group is not allowed`);
      }
    },
  };
}

function isUpdateOf(subresource: string, attributes: Attributes): boolean {
  return attributes.operation === "UPDATE" && attributes.subresource === subresource &&
    resourceOf(attributes) === BUCKET;
}

/** A signer is a virtual resource: "example.com/one" by itself, or all of "example.com/*". */
function mayUseSigner(authorizer: Authorizer, { user }: Attributes, verb: string, signerName: string): boolean {
  const [domain] = signerName.split("/");
  return [signerName, `${domain}/*`].some((name) => {
    const action = { verb, group: "certificates.k8s.io", resource: "signers", name };
    return authorizer.authorize({ user, action, namespace: "" }).allowed;
  });
}
