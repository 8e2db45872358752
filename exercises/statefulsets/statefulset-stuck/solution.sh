kubectl -n statefulset-stuck describe pod kiosk-2
kubectl -n statefulset-stuck set image statefulset/kiosk web=nginx:1.28
kubectl -n statefulset-stuck delete pod kiosk-2
kubectl -n statefulset-stuck rollout status statefulset/kiosk --timeout=180s
