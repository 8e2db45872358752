kubectl -n declarative-replace get deployment atlas -o yaml | sed 's/atlas-old/atlas/' > atlas.yaml
kubectl replace --force -f atlas.yaml
kubectl -n declarative-replace rollout status deployment/atlas --timeout=90s
