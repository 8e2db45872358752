kubectl -n init-waits logs deployment/harvest -c wait --tail=5
kubectl -n init-waits get services
kubectl -n init-waits expose deployment store --name=barn --port=6379
kubectl -n init-waits rollout status deployment/harvest --timeout=90s
