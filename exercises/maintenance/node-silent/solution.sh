kubectl describe node bay-9
kubectl -n node-silent delete pod courier --force --grace-period=0
kubectl delete node bay-9
kubectl -n node-silent run courier --image=nginx:1.27 --labels=app=courier --dry-run=client -o yaml \
  | sed -e 's/    name: courier/    name: web/' | kubectl -n node-silent apply -f -
kubectl -n node-silent wait pod/courier --for=condition=Ready --timeout=60s
