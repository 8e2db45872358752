kubectl -n priority-missing get events
kubectl create priorityclass batch-low --value=-100
kubectl -n priority-missing rollout status deployment/nightly --timeout=120s
