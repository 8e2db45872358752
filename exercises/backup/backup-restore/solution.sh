kubectl -n backup-restore get configmap saved -o jsonpath='{.data.library\.yaml}' > library.yaml
sed -i -e '/^  uid:/d' -e '/^  resourceVersion:/d' -e '/^  namespace:/d' library.yaml
kubectl -n backup-restore apply -f library.yaml
kubectl -n backup-restore rollout status deployment/library --timeout=90s
