kubectl -n resource-too-large set resources deployment encoder --requests=cpu=200m,memory=64Mi --limits=cpu=500m,memory=128Mi
kubectl -n resource-too-large rollout status deployment/encoder --timeout=90s
