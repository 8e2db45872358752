kubectl -n deployment-scale scale deployment frontend --replicas=5
kubectl -n deployment-scale scale deployment report --replicas=0
kubectl -n deployment-scale rollout status deployment/frontend --timeout=90s
