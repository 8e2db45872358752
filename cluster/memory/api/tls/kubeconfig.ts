/** The kubeconfig of an administrator, as kubeadm writes it. */
import { Buffer } from "node:buffer";
import type { KeyPair } from "./certificates.ts";

export interface KubeconfigOptions {
  /** "https://127.0.0.1:6443" */
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly administrator: KeyPair;
  /** The name of the context, the cluster and the user. */
  readonly context: string;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** YAML that every client of Kubernetes reads. */
export function kubeconfig({ server, authority, administrator, context }: KubeconfigOptions): string {
  return `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: ${base64(authority)}
    server: ${server}
  name: ${context}
contexts:
- context:
    cluster: ${context}
    user: ${context}-admin
  name: ${context}
current-context: ${context}
users:
- name: ${context}-admin
  user:
    client-certificate-data: ${base64(administrator.certificate)}
    client-key-data: ${base64(administrator.key)}
`;
}
