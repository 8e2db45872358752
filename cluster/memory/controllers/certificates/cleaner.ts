/**
 * Deletes certificate requests that have been dealt with, or that nobody cares for.
 *
 * Source: `pkg/controller/certificates/cleaner`.
 */
import { X509Certificate } from "node:crypto";
import { certificateSigningRequests as csrKind } from "../../api/kind_refs.ts";
import { instant } from "../../api/timestamps.ts";
import type { CertificateSigningRequest } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound } from "../controller.ts";
import { every } from "../every.ts";

/** Milliseconds. */
const HOUR = 3_600_000;
const PENDING = 24 * HOUR;

export function startCsrCleaner(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const requests = informers.for<CertificateSigningRequest>(csrKind);
  return every(context, HOUR, async () => {
    for (const csr of requests.list()) {
      if (!isObsolete(csr, clock.now())) continue;
      try {
        await client.delete(csrKind, undefined, csr.metadata.name!);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  });
}

function isObsolete({ metadata, status }: CertificateSigningRequest, now: number): boolean {
  const older = (time: string | undefined, limit: number) => time !== undefined && now - instant(time)! > limit;
  const conditions = status?.conditions ?? [];
  if (conditions.length === 0) return older(metadata.creationTimestamp, PENDING);
  const issued = status?.certificate as unknown as string | undefined;
  return conditions.some(({ type, lastUpdateTime }) => {
    if (type === "Denied" || type === "Failed") return older(lastUpdateTime, HOUR);
    if (type !== "Approved") return false;
    return issued ? older(lastUpdateTime, HOUR) || isExpired(issued, now) : older(lastUpdateTime, PENDING);
  });
}

function isExpired(certificate: string, now: number): boolean {
  try {
    return Date.parse(new X509Certificate(atob(certificate)).validTo) < now;
  } catch {
    return false;
  }
}
