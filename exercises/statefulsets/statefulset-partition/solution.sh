kubectl -n statefulset-partition patch statefulset teller --patch '
spec:
  replicas: 4
  updateStrategy:
    type: RollingUpdate
    rollingUpdate: { partition: 3 }'
kubectl -n statefulset-partition set image statefulset/teller web=nginx:1.28
kubectl -n statefulset-partition rollout status statefulset/teller --timeout=180s
kubectl -n statefulset-partition get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image
