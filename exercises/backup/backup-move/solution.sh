kubectl -n ledger-old get configmap,secret,service,deployment -l app=ledger -o yaml > ledger.yaml
sed -i -e '/^    uid:/d' -e '/^    resourceVersion:/d' -e '/^    creationTimestamp:/d' -e '/^    namespace:/d' \
  -e '/^    clusterIP:/d' -e '/^    clusterIPs:/,/^    - /d' ledger.yaml
kubectl -n backup-move apply -f ledger.yaml
kubectl -n backup-move rollout status deployment/ledger --timeout=90s
