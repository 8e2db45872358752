kubectl -n strategy-recreate patch deployment ledger --patch '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'
kubectl -n strategy-recreate set image deployment/ledger web=nginx:1.28
kubectl -n strategy-recreate rollout status deployment/ledger --timeout=90s
