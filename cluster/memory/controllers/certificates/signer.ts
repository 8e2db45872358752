/**
 * Signs approved certificate requests with the cluster's authority.
 *
 * Source: `pkg/controller/certificates/signer`.
 */
import { certificateSigningRequests as csrKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { CertificateSigningRequest } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, reconcileQueue } from "../controller.ts";
import {
  hasCondition,
  KUBE_API_CLIENT,
  KUBELET_CLIENT,
  KUBELET_SERVING,
  LEGACY_UNKNOWN,
  pemOf,
  refusal,
  subjectOf,
} from "./csr.ts";

/** Seconds. */
const LONGEST = 365 * 24 * 3600;
const SHORTEST = 600;

const SIGNERS = new Set([KUBE_API_CLIENT, KUBELET_CLIENT, KUBELET_SERVING, LEGACY_UNKNOWN]);

export function startCsrSigner(context: ControllerContext): Controller {
  const { client, clock, informers, options: { certificateAuthority } } = context;
  const requests = informers.for<CertificateSigningRequest>(csrKind);

  const reconcile = async (name: string): Promise<void> => {
    const csr = requests.get(undefined, name);
    if (csr === undefined || certificateAuthority === undefined || !SIGNERS.has(csr.spec.signerName)) return;
    if (csr.status?.certificate || !hasCondition(csr, "Approved") || hasCondition(csr, "Denied")) return;
    if (hasCondition(csr, "Failed")) return;
    const why = refusal(csr, await subjectOf(csr));
    if (why !== undefined) return await fail(csr, why);
    const { expirationSeconds = LONGEST, usages = [] } = csr.spec;
    const seconds = Math.min(LONGEST, Math.max(SHORTEST, expirationSeconds));
    const certificate = btoa(await certificateAuthority.sign(pemOf(csr), seconds, usages));
    await client.updateStatus(csrKind, { ...csr, status: { ...csr.status, certificate } } as CertificateSigningRequest);
  };
  const fail = async (csr: CertificateSigningRequest, message: string) => {
    const time = timestamp(clock.now());
    const failed = {
      type: "Failed",
      status: "True",
      reason: "SignerValidationFailure",
      message,
      lastUpdateTime: time,
      lastTransitionTime: time,
    };
    const conditions = [...csr.status?.conditions ?? [], failed];
    await client.updateStatus(csrKind, { ...csr, status: { ...csr.status, conditions } });
  };
  const queue = reconcileQueue(context, reconcile, { retries: 15 });
  const add = ({ metadata }: CertificateSigningRequest) => queue.add(metadata.name!);
  requests.on({ added: add, updated: (csr) => add(csr) });
  return queue;
}
