/**
 * Approves the certificates that kubelets ask for, where they may.
 *
 * Source: `pkg/controller/certificates/approver`.
 */
import { certificateSigningRequests as csrKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { KindRef } from "../../api/client.ts";
import type { KubeObject, Partially } from "../../kinds/object.ts";
import type { CertificateSigningRequest, SubjectAccessReview } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, reconcileQueue } from "../controller.ts";
import { hasCondition, KUBELET_CLIENT, refusal, subjectOf } from "./csr.ts";

const reviews: KindRef<SubjectAccessReview & KubeObject> = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "subjectaccessreviews",
  kind: "SubjectAccessReview",
};

export function startCsrApprover(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const requests = informers.for<CertificateSigningRequest>(csrKind);

  const mayCreate = async ({ spec }: CertificateSigningRequest, subresource: string): Promise<boolean> => {
    const resourceAttributes = {
      group: "certificates.k8s.io",
      resource: "certificatesigningrequests",
      verb: "create",
      subresource,
      version: "*",
    };
    const { username: user, uid, groups, extra } = spec;
    const review = { spec: { user, uid, groups, extra, resourceAttributes } };
    const answer = await client.create(reviews, review as Partially<SubjectAccessReview & KubeObject>);
    return answer.status?.allowed === true;
  };

  const reconcile = async (name: string): Promise<void> => {
    const csr = requests.get(undefined, name);
    if (csr === undefined || csr.status?.certificate || csr.spec.signerName !== KUBELET_CLIENT) return;
    if (hasCondition(csr, "Approved") || hasCondition(csr, "Denied")) return;
    const subject = await subjectOf(csr);
    if (refusal(csr, subject) !== undefined) return;
    const self = csr.spec.username === subject.commonName;
    const message = self && await mayCreate(csr, "selfnodeclient")
      ? "Auto approving self kubelet client certificate after SubjectAccessReview."
      : await mayCreate(csr, "nodeclient")
      ? "Auto approving kubelet client certificate after SubjectAccessReview."
      : undefined;
    if (message === undefined) return;
    const time = timestamp(clock.now());
    const approved = {
      type: "Approved",
      status: "True",
      reason: "AutoApproved",
      message,
      lastUpdateTime: time,
      lastTransitionTime: time,
    };
    const conditions = [...csr.status?.conditions ?? [], approved];
    await client.update(csrKind, { ...csr, status: { ...csr.status, conditions } }, "approval");
  };
  const queue = reconcileQueue(context, reconcile, { retries: 15 });
  const add = ({ metadata }: CertificateSigningRequest) => queue.add(metadata.name!);
  requests.on({ added: add, updated: (csr) => add(csr) });
  return queue;
}
