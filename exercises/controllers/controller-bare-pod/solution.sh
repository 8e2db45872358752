kubectl -n controller-bare-pod create deployment queue --image=redis:7 --replicas=2 --port=6379
kubectl -n controller-bare-pod rollout status deployment/queue --timeout=90s
kubectl -n controller-bare-pod delete pod queue
