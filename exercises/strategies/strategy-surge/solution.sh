kubectl -n strategy-surge patch deployment tickets --patch '
spec:
  minReadySeconds: 5
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }'
kubectl -n strategy-surge set image deployment/tickets web=nginx:1.28
kubectl -n strategy-surge rollout status deployment/tickets --timeout=120s
