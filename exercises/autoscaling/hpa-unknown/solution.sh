kubectl -n hpa-unknown describe hpa press
kubectl -n hpa-unknown set resources deployment press --containers=journal --requests=cpu=10m
kubectl -n hpa-unknown patch hpa press --patch '{"spec": {"scaleTargetRef": {"name": "press"}}}' --type=merge
kubectl -n hpa-unknown wait deployment/press --for=jsonpath='{.status.readyReplicas}'=2 --timeout=120s
kubectl -n hpa-unknown rollout status deployment/press --timeout=120s
kubectl -n hpa-unknown get hpa press
