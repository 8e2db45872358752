kubectl -n quota-exceeded describe quota cpu
kubectl -n quota-exceeded set resources deployment tiles --requests=cpu=200m
kubectl -n quota-exceeded rollout status deployment/tiles --timeout=300s
