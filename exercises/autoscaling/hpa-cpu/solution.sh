kubectl -n hpa-cpu apply -f - <<YAML
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: checkout }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: checkout }
  minReplicas: 2
  maxReplicas: 6
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 60 } } }]
YAML
kubectl -n hpa-cpu wait deployment/checkout --for=jsonpath='{.status.readyReplicas}'=2 --timeout=90s
