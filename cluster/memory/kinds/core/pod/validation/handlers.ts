/** What probes and lifecycle hooks do. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../../../field_error.ts";
import { check, httpHeaderName } from "../../../names.ts";
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "../../../schema/types.ts";
import { validatePortReference } from "./ports.ts";

type Handler = Pick<Probe, "exec" | "httpGet" | "tcpSocket" | "grpc"> & Pick<LifecycleHandler, "sleep">;

function validateHandler(handler: Handler, grace: number | undefined, path: string): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const actions: readonly [string, object | undefined, (at: string) => FieldError[]][] = [
    ["exec", exec, (at) => exec!.command?.length ? [] : [required(child(at, "command"))]],
    ["httpGet", httpGet, (at) => validateHttpGet(httpGet!, at)],
    ["tcpSocket", tcpSocket, (at) => validatePortReference(tcpSocket!.port, child(at, "port"))],
    ["grpc", grpc, (at) => validatePortReference(grpc!.port, child(at, "port"))],
    ["sleep", sleep, (at) => validateSleep(sleep!.seconds, grace, at)],
  ];
  const given = actions.filter(([, action]) => action);
  if (given.length === 0) return [required(path, "must specify a handler type")];
  return given.flatMap(([name, , validate], i) =>
    i === 0 ? validate(child(path, name)) : [forbidden(child(path, name), "may not specify more than 1 handler type")]
  );
}

function validateHttpGet({ path: url = "", port, scheme = "", httpHeaders = [] }: HTTPGetAction, path: string) {
  return [
    ...url === "" ? [required(child(path, "path"))] : [],
    ...validatePortReference(port, child(path, "port")),
    ...scheme === "HTTP" || scheme === "HTTPS" ? [] : [notSupported(child(path, "scheme"), scheme, ["HTTP", "HTTPS"])],
    ...httpHeaders.flatMap(({ name = "" }) => check(child(path, "httpHeaders"), name, httpHeaderName)),
  ];
}

function validateSleep(seconds: number, grace: number | undefined, path: string): FieldError[] {
  if (grace === undefined || seconds >= 0 && seconds <= grace) return [];
  const message = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  return [invalid(path, seconds, message)];
}

export function validateLifecycle(
  { postStart, preStop }: Lifecycle,
  grace: number | undefined,
  path: string,
): FieldError[] {
  return [
    ...postStart ? validateHandler(postStart, grace, child(path, "postStart")) : [],
    ...preStop ? validateHandler(preStop, grace, child(path, "preStop")) : [],
  ];
}

function validateProbe(probe: Probe, grace: number | undefined, path: string): FieldError[] {
  const errors = validateHandler(probe, grace, path);
  const numbers = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];
  for (const field of numbers as (keyof Probe)[]) {
    const value = probe[field] as number | undefined ?? 0;
    if (value < 0) errors.push(invalid(child(path, field), value, "must be greater than or equal to 0"));
  }
  const seconds = probe.terminationGracePeriodSeconds ?? undefined;
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid(child(path, "terminationGracePeriodSeconds"), seconds, "must be greater than 0"));
  }
  return errors;
}

/** The probes of one container, in Kubernetes' order. */
export function validateProbes(
  { livenessProbe, readinessProbe, startupProbe }: {
    readonly livenessProbe?: Probe;
    readonly readinessProbe?: Probe;
    readonly startupProbe?: Probe;
  },
  grace: number | undefined,
  path: string,
): FieldError[] {
  // One success is enough to be alive or started: only readiness can ask for more.
  const once = (probe: Probe, at: string): FieldError[] => [
    ...validateProbe(probe, grace, at),
    ...probe.successThreshold === 1
      ? []
      : [invalid(child(at, "successThreshold"), probe.successThreshold ?? 0, "must be 1")],
  ];
  const errors: FieldError[] = livenessProbe ? once(livenessProbe, child(path, "livenessProbe")) : [];
  if (readinessProbe) {
    const at = child(path, "readinessProbe");
    errors.push(...validateProbe(readinessProbe, grace, at));
    const seconds = readinessProbe.terminationGracePeriodSeconds ?? undefined;
    if (seconds !== undefined) {
      errors.push(
        invalid(child(at, "terminationGracePeriodSeconds"), seconds, "must not be set for readinessProbes"),
      );
    }
  }
  if (startupProbe) errors.push(...once(startupProbe, child(path, "startupProbe")));
  return errors;
}
