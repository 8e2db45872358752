kubectl -n api-old-version get configmap archive -o jsonpath='{.data.forum\.yaml}' > forum.yaml
sed -i -e 's|apps/v1beta1|apps/v1|' -e 's|^  replicas: 2|&\n  selector:\n    matchLabels:\n      app: forum|' forum.yaml
kubectl -n api-old-version apply -f forum.yaml
kubectl -n api-old-version rollout status deployment/forum --timeout=90s
