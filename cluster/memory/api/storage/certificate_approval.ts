/**
 * `kubectl certificate approve`: the conditions that say whether a request is to be signed.
 *
 * Source: `pkg/registry/certificates/certificates/strategy.go` (csrApprovalStrategy).
 */
import { approval } from "../../kinds/certificates/certificate_signing_request.ts";
import type { Draft } from "../../kinds/object.ts";
import type { CertificateSigningRequest } from "../../kinds/schema/types.ts";
import { keepAllBut, type UpdateStrategy } from "../registry/update_strategy.ts";

/** PUT …/certificatesigningrequests/NAME/approval */
export const certificateApproval: UpdateStrategy = {
  prepare(object, old, now) {
    keepAllBut(["metadata", "status"], object, old);
    approval.prepareForUpdate?.(object as Draft<CertificateSigningRequest>, old as CertificateSigningRequest, now);
  },
  validate: (object, old) =>
    approval.validateUpdate?.(object as CertificateSigningRequest, old as CertificateSigningRequest) ?? [],
};
