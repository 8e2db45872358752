kubectl -n runtime-class-missing get events
kubectl apply -f - <<YAML
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata:
  name: vault-runtime
handler: runc
YAML
kubectl -n runtime-class-missing rollout restart deployment/safe
kubectl -n runtime-class-missing rollout status deployment/safe --timeout=120s
