kubectl label node node02 team=graphics
kubectl taint node node02 team=graphics:NoSchedule
kubectl -n affinity-and-taint patch deployment render --patch '
spec:
  template:
    spec:
      tolerations:
        - { key: team, operator: Equal, value: graphics, effect: NoSchedule }
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions: [{ key: team, operator: In, values: [graphics] }]'
kubectl -n affinity-and-taint rollout status deployment/render --timeout=90s
