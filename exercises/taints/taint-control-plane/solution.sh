kubectl describe node controlplane | grep Taints
kubectl -n taint-control-plane patch deployment auditor --patch '
spec:
  template:
    spec:
      tolerations:
        - { key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule }'
kubectl -n taint-control-plane rollout status deployment/auditor --timeout=90s
