kubectl -n deployment-stuck-rollout get replicasets,pods
kubectl -n deployment-stuck-rollout set image deployment/parade web=nginx:1.28
kubectl -n deployment-stuck-rollout rollout resume deployment/parade
kubectl -n deployment-stuck-rollout rollout status deployment/parade --timeout=120s
