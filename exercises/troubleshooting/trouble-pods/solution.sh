kubectl -n trouble-pods get pods
kubectl -n trouble-pods get events --sort-by=.lastTimestamp
kubectl -n trouble-pods set image deployment/bakery app=busybox:1.36
kubectl -n trouble-pods logs deployment/dairy
kubectl -n trouble-pods patch deployment dairy --type=json --patch '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/volumeMounts/0/mountPath", "value": "/prices"}]'
kubectl -n trouble-pods get secrets
kubectl -n trouble-pods patch deployment mill --type=json --patch '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name", "value": "mill-keys"}]'
kubectl -n trouble-pods describe pod -l app=cellar
kubectl -n trouble-pods patch deployment cellar --type=json --patch '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/command/0", "value": "sleep"}]'
for name in bakery dairy mill cellar; do
  kubectl -n trouble-pods rollout status "deployment/$name" --timeout=120s
done
