kubectl -n pod-run run web --image=nginx:1.27 --port=80 --labels=tier=frontend
kubectl -n pod-run wait pod/web --for=condition=Ready --timeout=60s
