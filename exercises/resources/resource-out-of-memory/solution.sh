kubectl -n resource-out-of-memory describe pod | grep -A5 'Last State'
kubectl -n resource-out-of-memory set resources deployment indexer --limits=memory=200Mi
kubectl -n resource-out-of-memory rollout status deployment/indexer --timeout=90s
