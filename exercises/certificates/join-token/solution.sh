kubectl -n kube-system create secret generic bootstrap-token-sea007 --type=bootstrap.kubernetes.io/token \
  --from-literal=token-id=sea007 --from-literal=token-secret=harbourmaster001 \
  --from-literal=expiration=2099-12-31T23:59:59Z \
  --from-literal=usage-bootstrap-authentication=true --from-literal=usage-bootstrap-signing=true \
  --from-literal=auth-extra-groups=system:bootstrappers:kubeadm:default-node-token
