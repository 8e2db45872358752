/** What can be installed into a cluster at its start, beside what kubeadm leaves. */
export const ADDONS = ["ingress-nginx"] as const;
export type Addon = typeof ADDONS[number];
