members=$(kubectl -n kube-system get pods -l component=etcd -o name | wc -l)
endpoint=$(kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}' | sed -n 's/.*server: //p')
grown=$((members * 2 + 3))
kubectl -n ha-how-many create configmap answers --from-literal=members="$members" \
  --from-literal=quorum=$((members / 2 + 1)) \
  --from-literal=failures-if-grown=$((grown - (grown / 2 + 1))) \
  --from-literal=endpoint="$endpoint"
