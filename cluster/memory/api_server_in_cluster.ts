/**
 * The API as containers reach it: `https://kubernetes.default.svc` leads to the pod kube-apiserver, whose program answers
 * with what is behind the cluster's own server.
 */
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import type { Handler } from "./api/http/handler.ts";
import { apiRequest, type ApiResponse } from "./api/http/message.ts";
import type { User } from "./api/user.ts";
import type { ApiServer, HttpRequest, HttpResponse } from "./kubelet/runtime/runtime.ts";

export interface ApiServerOptions {
  /** Asked with the first request. */
  readonly handler: () => Handler;
  /** The server's certificate, PEM. */
  readonly certificate: string;
  /** The authority of clients' certificates, PEM. */
  readonly clientAuthority: string;
}

export function apiServerInCluster({ handler, certificate, clientAuthority }: ApiServerOptions): ApiServer {
  return {
    certificate,
    async request(request) {
      if (!request.https) return BAD_REQUEST;
      return answerOf(await handler()(asked(request, clientAuthority)));
    },
  };
}

/** What Go's server says to who speaks no TLS. */
const BAD_REQUEST: HttpResponse = {
  status: 400,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "Client sent an HTTP request to an HTTPS server.\n",
};

function asked({ method = "GET", path, headers, body = "", clientCertificate }: HttpRequest, authority: string) {
  return apiRequest({
    method,
    target: path,
    headers,
    body: () => Promise.resolve(new TextEncoder().encode(body)),
    ...clientCertificate === undefined ? {} : { certificateUser: userOf(clientCertificate, authority) },
  });
}

/** Whom a certificate names, if the authority signed it. */
function userOf(pem: string, authority: string): User | undefined {
  try {
    const certificate = new X509Certificate(pem);
    if (!certificate.verify(new X509Certificate(authority).publicKey)) return undefined;
    const values = (field: string) =>
      certificate.subject.split("\n").filter((line) => line.startsWith(`${field}=`)).map((line) =>
        line.slice(field.length + 1)
      );
    const [name] = values("CN");
    return name === undefined ? undefined : { name, groups: values("O") };
  } catch {
    return undefined;
  }
}

function answerOf({ status, headers, body = "", stream }: ApiResponse): HttpResponse {
  const text = (chunk: string | Uint8Array) => typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
  return {
    status,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]),
    ),
    body: text(body),
    ...stream === undefined ? {} : {
      stream: (write, end) => stream({ write: (chunk) => write(text(chunk)), end, waiting: 0 }),
    },
  };
}
