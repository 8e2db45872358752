kubectl -n resource-limit-range apply -f - <<YAML
apiVersion: v1
kind: LimitRange
metadata:
  name: memory-defaults
spec:
  limits:
    - type: Container
      default: { memory: 256Mi }
      defaultRequest: { memory: 128Mi }
      max: { memory: 512Mi }
YAML
kubectl -n resource-limit-range run careless --image=nginx:1.27
kubectl -n resource-limit-range wait pod/careless --for=condition=Ready --timeout=60s
