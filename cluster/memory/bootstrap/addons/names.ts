/** What can be installed into a cluster at its start, beside what kubeadm leaves. */
export const ADDONS = ["ingress-nginx", "gateway-api"] as const;
export type Addon = typeof ADDONS[number];
