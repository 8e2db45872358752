kubectl -n netpol-default-deny apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: everybody
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: kube-system }
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: desk
spec:
  podSelector:
    matchLabels: { role: desk }
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: { app: ledger }
      ports:
        - { protocol: TCP, port: 80 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ledger
spec:
  podSelector:
    matchLabels: { app: ledger }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: { role: desk }
      ports:
        - { protocol: TCP, port: 80 }
YAML
kubectl -n netpol-default-deny exec desk -- wget -q -O- -T 3 http://ledger.netpol-default-deny.svc.cluster.local/
